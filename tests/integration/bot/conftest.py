"""Slack's door over a real database, and a server on this machine that hears what the door would say to Slack."""

import json
import queue
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask

from app.settings import Settings
from bot.door import slack_door
from incidents.store import Database, make_engines
from tests.books import AWAY, Books
from tests.integration.bot.slack import BOT_USER, SECRET, TEAM, Slack


class Outside:
    """Everything that the product sends to Slack: answers after the fact, and calls of the Web API.

    `answers` has what people were told, also what was told by the Web API; `asked` of whom Slack was asked.
    """

    def __init__(self) -> None:
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.asked: list[str] = []
        self.guests: set[str] = set()
        self.strangers: set[str] = set()
        self.called: list[str] = []
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(200)
                answer = outside.answer(self.path, body.decode())
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                """Nothing is written."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def answer(self, path: str, body: str) -> bytes:
        if path.startswith("/response"):
            self.answers.put(json.loads(body))
            return b"ok"
        if path == "/api/auth.test":
            return json.dumps({"ok": True, "team_id": TEAM, "user_id": BOT_USER}).encode()
        if path == "/api/users.info":
            asked = dict(parse_qsl(body))["user"]
            self.asked.append(asked)
            team = "T0OTHER" if asked in self.strangers else TEAM
            user = {"id": asked, "team_id": team, "is_restricted": asked in self.guests, "is_bot": False}
            return json.dumps({"ok": True, "user": user}).encode()
        if path == "/api/chat.postEphemeral":
            self.answers.put(json.loads(body))
            return b'{"ok": true}'
        self.called.append(path)
        return b"ok"

    def told(self) -> dict[str, Any]:
        """The next answer after the fact."""
        return self.answers.get(timeout=10)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="session")
def _books(make_database: Callable[[], str]) -> Iterator[Books]:
    books = Books(make_database())
    yield books
    books.close()


@pytest.fixture
def books(_books: Books) -> Books:
    _books.begin_anew()
    return _books


@pytest.fixture
def outside() -> Iterator[Outside]:
    """No request may have called the Web API, but to ask who a stranger is: Slack waits 3 s for the answer."""
    outside = Outside()
    yield outside
    outside.close()
    assert outside.called == []


@pytest.fixture
def application(books: Books, outside: Outside) -> Flask:
    return _application(books.database, outside)


@pytest.fixture
def slack(application: Flask, outside: Outside) -> Slack:
    return Slack(application, f"{outside.address}/response")


@pytest.fixture
def slack_without_database(outside: Outside) -> Slack:
    application = _application(Database(make_engines(AWAY)), outside)
    return Slack(application, f"{outside.address}/response")


def _application(database: Database, outside: Outside) -> Flask:
    settings = Settings(
        _env_file=None,
        slack_bot_token="xoxb-test",
        slack_signing_secret=SECRET,
        slack_api_url=f"{outside.address}/api",
        twilio_account_sid="AC1",
        twilio_auth_token="token",
        twilio_number="+12025550100",
    )
    door = slack_door(settings, database)
    assert door is not None
    application = Flask("test")
    application.register_blueprint(door)
    return application
