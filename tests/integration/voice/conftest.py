"""Twilio's door over a real database."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.settings import Settings
from incidents.store import Database, make_engines
from tests.books import AWAY, Books
from tests.integration.voice.twilio import ACCOUNT, NUMBER, PUBLIC, TOKEN, Twilio
from voice.door import voice_door


@pytest.fixture(scope="session")
def _books(make_database: Callable[[], str]) -> Iterator[Books]:
    books = Books(make_database())
    yield books
    books.close()


@pytest.fixture
def books(_books: Books) -> Books:
    _books.begin_anew()
    return _books


def application(database: Database, *, public: str = PUBLIC) -> Flask:
    settings = Settings(
        _env_file=None,
        public_url=public,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_number=NUMBER,
        twilio_api_url="http://127.0.0.1:1",
    )
    door = voice_door(settings, database)
    assert door is not None
    made = Flask("test")
    made.register_blueprint(door)
    return made


@pytest.fixture
def twilio(books: Books) -> Twilio:
    return Twilio(application(books.database))


@pytest.fixture
def twilio_without_database() -> Twilio:
    return Twilio(application(Database(make_engines(AWAY))))
