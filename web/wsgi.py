"""For gunicorn: `gunicorn 'web.wsgi:app()'`. Each worker calls it for itself, after the fork."""

from flask import Flask

from app import bootstrap
from app.logging import configure_logging
from app.resolve import load
from web.application import create


def app() -> Flask:
    settings = load()
    configure_logging(settings, part="web")
    return create(settings, bootstrap.ringing_database(settings), bootstrap.Providers(settings))
