"""The process of Socket Mode, beside the sandbox: when it is ready, what it acknowledges, how it ends."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.books import AWAY, Books
from tests.integration.sandbox.running import ROOT, RunningSandbox, sandbox_running
from tests.integration.sandbox.socket_apps import numbers, wait_until
from tests.ports import free_three

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with tempfile.TemporaryDirectory(prefix="tocsin-socket-") as folder:
        ledger = Path(folder) / "ledger.jsonl"
        with sandbox_running(NOBODY, ledger, ["--socket-mode"]) as running:
            yield running


class Process:
    """`python -m bot.socket`, and the events that it told so far."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self.child = child
        self.events: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def told(self, event: str) -> bool:
        return any(one["event"] == event for one in self.events)

    def stop(self) -> int:
        self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(10)
        self._reader.join(5)
        return code

    def _read(self) -> None:
        assert self.child.stdout
        for line in self.child.stdout:
            if line.startswith("{"):
                self.events.append(json.loads(line))


@contextmanager
def started(api: str, database_url: str, app_token: str = "xapp-sandbox") -> Iterator[Process]:
    """Without a signing secret: Socket Mode needs none."""
    given = {
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_SIGNING_SECRET": "",
        "SLACK_APP_TOKEN": app_token,
        "SLACK_API_URL": api,
        "SANDBOX": "0",
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }
    command = [sys.executable, "-m", "bot.socket"]
    environment = {**os.environ, **given}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as child:
        process = Process(child)
        try:
            wait_until(lambda: process.told("ready"))
            yield process
        finally:
            child.kill()


def command(sandbox: RunningSandbox, text: str) -> Any:
    return sandbox.post("/control/slack/command", user="ana", channel="incidents", text=text)


def test_ready_when_connected_and_ended_by_a_signal(sandbox: RunningSandbox, make_database: Callable[[], str]) -> None:
    books = Books(url := make_database())
    books.begin_anew()
    try:
        with started(f"{sandbox.address}/slack/api", url) as process:
            assert process.told("slack_connected")
            said = command(sandbox, "the disk of db-3 is full")
            assert "declared" in str(said["body"]).lower()
            assert process.stop() == 0
        wait_until(lambda: numbers(sandbox) == [])
    finally:
        books.close()


def test_what_cannot_be_committed_is_not_acknowledged(sandbox: RunningSandbox) -> None:
    with started(f"{sandbox.address}/slack/api", AWAY) as process:
        said = sandbox.post("/control/slack/message", user="ana", channel="incidents", text="@tocsin db is down")
        assert [one["failure"] for one in said["deliveries"] if one["event"] == "app_mention"] == ["timeout"]
        assert process.stop() == 0


def test_without_slack_it_is_up_and_connects_later(make_database: Callable[[], str]) -> None:
    port = free_three()
    with started(f"http://127.0.0.1:{port}/slack/api", make_database()) as process:
        assert process.told("slack_away")
        assert not process.told("slack_connected")
        with tempfile.TemporaryDirectory(prefix="tocsin-socket-") as folder:
            with sandbox_running(NOBODY, Path(folder) / "ledger.jsonl", ["--socket-mode"], port=port):
                wait_until(lambda: process.told("slack_connected"), 20)
            assert process.stop() == 0


def test_a_refused_token_is_told(sandbox: RunningSandbox, make_database: Callable[[], str]) -> None:
    with started(f"{sandbox.address}/slack/api", make_database(), "xapp-other") as process:
        (refused,) = [one for one in process.events if one["event"] == "slack_refused"][:1]
        assert refused["reason"] == "invalid_auth"
        assert "SLACK_APP_TOKEN" in refused["advice"]
        assert process.stop() == 0
