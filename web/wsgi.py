"""For gunicorn: `gunicorn 'web.wsgi:app()'`. Each worker calls it for itself, after the fork."""

import gc
from datetime import timedelta

from flask import Flask

from app import bootstrap
from app.logging import configure_logging
from app.resolve import load
from web.application import create

DOOR_PATIENCE = timedelta(seconds=2)
"""A person in Slack gets no answer after 3 s, and would type the report again."""


def app() -> Flask:
    settings = load()
    configure_logging(settings, part="web")
    database = bootstrap.ringing_database(settings, patience=DOOR_PATIENCE)
    application = create(settings, database, bootstrap.Providers(settings))
    gc.collect()
    gc.freeze()  # What is there now stays: looking through it for garbage would make some request wait.
    return application
