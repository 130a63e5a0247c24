"""What the benchmarks stand on: the bare listener, the load, and the questions to the product's database."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import create_engine, text

from app import bootstrap
from app.settings import Settings
from benchmarks.stage import backlog, bare, reporting, slack
from benchmarks.stage.load import CONNECTIONS, Reporter
from benchmarks.stage.product import Product, eyes
from incidents import organizations
from incidents.people import Actor
from incidents.reports import Report, open_incident
from incidents.roles import Role
from incidents.words import Severity, Source


def test_the_bare_listener_commits_what_slack_signed(make_database: Callable[[], str]) -> None:
    engine = create_engine(make_database())
    client = bare.listening(engine).test_client()
    form = slack.form("Checkout answers 500")
    refused = client.post(slack.PATH, data=form, headers={**slack.signed(form), "X-Slack-Signature": "v0=wrong"})
    heard = client.post(slack.PATH, data=form, headers=slack.signed(form))
    assert (refused.status_code, heard.status_code) == (401, 200)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT said FROM heard")).scalars().all() == ["Checkout answers 500"]
    engine.dispose()


def test_what_is_not_accepted_is_counted_apart() -> None:
    with _counting(refuses=lambda number: number % 5 == 0) as (address, ids):
        reporter = Reporter(address, "key", rate=200, seconds=0.2, prefix="some")
        reporter.run()
    assert len(reporter.taken) == 32
    assert len(reporter.refused) == 8
    assert sorted(ids) == sorted(f"some-{number}" for number in range(40))
    assert CONNECTIONS < 40, "some connections are used again"


def test_a_report_is_backlog_until_it_is_triaged_and_its_jobs_are_done(product: Product) -> None:
    assert backlog.of(product, "none").is_drained
    assert backlog.of(product, "low") == backlog.Backlog(incidents=1, ids=1, triaged=0, owed=1)
    assert backlog.of(product, "high").owed == 2, "its page is due now"
    with product.database.begin() as connection:
        connection.execute(text("UPDATE incidents SET triaged_at = store_now()"))
        connection.execute(text("UPDATE jobs SET done_at = store_now() WHERE due <= store_now()"))
    assert backlog.of(product, "low").is_drained


def test_the_questions_about_calls_fit_the_tables(product: Product) -> None:
    assert not reporting.quiet(product), "a page is owed"
    assert reporting.triaged(product, []) == {}
    assert reporting.first_calls(product, []) == set()


@pytest.fixture
def product(make_database: Callable[[], str]) -> Iterator[Product]:
    """Its database with one LOW and one HIGH report; nothing of it runs."""
    url = make_database()
    settings = Settings(_env_file=None, database_url=url)
    bootstrap.migrate(settings)
    database = bootstrap.database(settings)
    with database.begin() as session:
        organizations.first(session, sandbox=True)
    by = Actor("Ana", via="api", role=Role.RESPONDER)
    with database.only_store().autocommit() as tx:
        open_incident(tx, Report("A", Source.API, by, ref="low-1", severity=Severity.LOW))
        open_incident(tx, Report("B", Source.API, by, ref="high-1", severity=Severity.HIGH))
    database.engines.dispose()
    seen = eyes(url)
    yield Product("", "", uuid.uuid4().hex, seen, 0, {})
    seen.dispose()


@contextmanager
def _counting(*, refuses: Callable[[int], bool]) -> Iterator[tuple[str, list[str]]]:
    """A server that takes reports, but for some; its address, and the ids of all that came."""
    ids: list[str] = []

    class Taking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["id"]
            ids.append(name)
            self.send_response(503 if refuses(int(name.rpartition("-")[2])) else 202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", ids
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
