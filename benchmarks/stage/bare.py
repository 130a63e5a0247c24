"""The least that a Bolt app can do and still lose nothing: one command, one INSERT, one commit, one answer."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask, Response, request
from slack_bolt import Ack, App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Engine, create_engine, text

from benchmarks.stage.ports import free_port
from benchmarks.stage.product import Servers, child
from benchmarks.stage.slack import PATH, SECRET

TABLE = "CREATE TABLE IF NOT EXISTS heard (id uuid PRIMARY KEY, said text NOT NULL, trigger text NOT NULL UNIQUE)"
INSERT = text("INSERT INTO heard (id, said, trigger) VALUES (:id, :said, :trigger)")


def app() -> Flask:
    """For gunicorn."""
    return listening(create_engine(os.environ["DATABASE_URL"], pool_size=10, max_overflow=10))


def listening(engine: Engine) -> Flask:
    with engine.begin() as connection:
        connection.execute(text(TABLE))
    bolt = App(
        signing_secret=SECRET,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T0SANDBOX", bot_token="xoxb-bare"),  # noqa: S106
        process_before_response=True,
    )

    @bolt.command("/incident")
    def heard(ack: Ack, command: dict[str, Any]) -> None:
        with engine.begin() as connection:
            connection.execute(INSERT, {"id": uuid.uuid4(), "said": command["text"], "trigger": command["trigger_id"]})
        ack("It is recorded.")

    handler = SlackRequestHandler(bolt)
    flask = Flask("bare")

    @flask.post(PATH)
    def events() -> Response:
        answer: Response = handler.handle(request)
        return answer

    return flask


@contextmanager
def running(servers: Servers) -> Iterator[str]:
    """Its address. Gunicorn runs it with the product's threads, in one process as Bolt's own server would."""
    port = free_port()
    url = servers.postgres.create_database(f"bare_{uuid.uuid4().hex[:8]}")
    settings = ["--worker-class", "gthread", "--workers", "1", "--threads", "16", "--keep-alive", "5"]
    command = ["-m", "gunicorn", *settings, "--bind", f"127.0.0.1:{port}", "benchmarks.stage.bare:app()"]
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        environment = {**os.environ, "DATABASE_URL": url}
        with child(command, environment, Path(folder) / "output", ready="Booting worker"):
            yield f"http://127.0.0.1:{port}"
