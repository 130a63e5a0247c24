"""For gunicorn: `gunicorn 'web.wsgi:app()'`. Each worker calls it for itself, after the fork."""

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
    return create(settings, bootstrap.ringing_database(settings, patience=DOOR_PATIENCE), bootstrap.Providers(settings))
