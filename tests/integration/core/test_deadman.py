"""The dead man's pings: sent to an address while all is well, and counted; trouble there harms nobody."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import text

from incidents import audit, heartbeats
from tasks import deadman
from tasks.auditor import Auditor
from tasks.deadman import DeadMan
from tests.integration.core.world import World


@contextmanager
def outside(status: int) -> Iterator[tuple[str, list[str]]]:
    """A service that answers with that status; its address, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing is printed."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/ping/abc", asked
        finally:
            server.shutdown()
            thread.join()


def ping(world: World, url: str) -> bool:
    return DeadMan(world.database, url, every=timedelta(seconds=60)).once()


def pings(world: World) -> dict[str, int]:
    with world.database.begin() as session:
        return audit.pings(session)


@pytest.fixture
def good(world: World) -> World:
    """The last audit is good."""
    with world.database.begin() as session:
        for part in heartbeats.PARTS:
            heartbeats.beat(session, part)
    found = Auditor(world.database, tells=False).once()
    assert found is not None
    assert found.ok
    return world


def test_a_ping_is_sent_and_counted_once_a_minute(good: World) -> None:
    with outside(200) as (url, asked):
        assert ping(good, url)
        assert not ping(good, url)
    assert asked == ["/ping/abc"]
    assert pings(good) == {"sent": 1, "failed": 0}


def test_no_ping_is_sent_before_the_first_audit_and_after_the_last(world: World) -> None:
    with outside(200) as (url, asked):
        assert not ping(world, url)
        Auditor(world.database, tells=False).once()
        with world.database.begin() as session:
            session.execute(text("UPDATE audit SET audited_at = audited_at - interval '16 seconds'"))
        assert not ping(world, url)
    assert asked == []


@pytest.mark.parametrize("status", [404, 500])
def test_a_ping_that_is_refused_is_counted_as_failed(good: World, status: int) -> None:
    with outside(status) as (url, _):
        assert ping(good, url)
    assert pings(good) == {"sent": 0, "failed": 1}


def test_nobody_at_that_address(good: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert ping(good, url)
    assert pings(good) == {"sent": 0, "failed": 1}


def test_an_address_that_accepts_and_stays_silent(good: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadman, "PATIENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert ping(good, f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert pings(good) == {"sent": 0, "failed": 1}
