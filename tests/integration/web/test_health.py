"""Health, cheap and deep: what the audit found, what each part says, and that nobody is hammered by asking."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import bootstrap
from app.bootstrap import Checked, Providers
from app.settings import Settings
from incidents import audit, heartbeats, organizations
from incidents.errors import TemporaryError
from incidents.store import Database
from tasks.auditor import Auditor
from tests.core_fakes import FakeMemory
from tests.fakes import FakeChat, FakeMail, FakePhone, FakeSpeech, FakeTickets
from tests.integration.web.conftest import Json, settings_for
from web import deep
from web.application import create
from web.deep import Asking


@pytest.fixture(scope="module")
def own(make_database: Any, redis_url: str) -> Settings:
    settings = settings_for(make_database(), redis_url=redis_url)
    bootstrap.migrate(settings)
    return settings


@pytest.fixture
def database(own: Settings) -> Iterator[Database]:
    """All parts work and the audit is good."""
    database = bootstrap.database(own)
    with database.begin() as session:
        session.execute(text("TRUNCATE audit, heartbeats, jobs, timeline, incidents CASCADE"))
        organizations.first(session, sandbox=True)
        for part in heartbeats.PARTS:
            heartbeats.beat(session, part)
        audit.once(session)
    yield database
    database.engines.dispose()


@pytest.fixture
def providers(own: Settings) -> Providers:
    providers = Providers(own)
    fakes = {"chat": FakeChat(), "phone": FakePhone(), "tickets": FakeTickets(), "speech": FakeSpeech()}
    providers.__dict__.update(fakes, memory=FakeMemory(), mail=FakeMail())
    return providers


@pytest.fixture
def stranger(own: Settings, database: Database, providers: Providers) -> FlaskClient:
    application: APIFlask = create(own, database, providers)
    return application.test_client()


def ask(stranger: FlaskClient, address: str = "/api/health/deep") -> tuple[int, Json]:
    answer = stranger.get(address)
    return answer.status_code, answer.get_json()


def broken_promise(database: Database) -> None:
    """An open incident that nobody will be called about, for longer than ten seconds."""
    with database.begin() as session:
        organization: UUID = session.execute(text("SELECT id FROM organizations")).scalar_one()
        session.execute(
            text(
                "INSERT INTO incidents (id, organization_id, project_id, number, ref, title, description, details,"
                " source, reporter_name, status, severity, version, opened_at, triage,"
                ' "similar", helped, remediation, suspects, policy, paging_run)'
                " SELECT gen_random_uuid(), :org, :org, 7, 'x', 'x', '', '{}', 'api', 'x', 'open', 'HIGH', 1,"
                " store_now(), 'triaged', '[]', '[]', '[]', '[]', policy, 1 FROM organizations"
            ),
            {"org": organization},
        )
    for _ in range(3):
        with database.begin() as session:
            session.execute(
                text(
                    "UPDATE audit SET audited_at = audited_at - interval '6 seconds',"
                    " findings = (SELECT coalesce(jsonb_agg(jsonb_set(each, '{since}',"
                    " to_jsonb((each->>'since')::timestamptz - interval '6 seconds'))), '[]')"
                    " FROM jsonb_array_elements(findings) each)"
                )
            )
        Auditor(database, tells=False).once()


def test_all_is_well(stranger: FlaskClient) -> None:
    assert (ask(stranger, "/api/health")[1]["status"], ask(stranger, "/api/health")[1]["audit"]) == ("ok", "good")
    status, said = ask(stranger)
    assert (status, said["status"], said["wrong"], said["findings"]) == (200, "ok", [], [])
    assert said["parts"]["redis"]["state"] == "on"
    assert {said["parts"][name]["state"] for name in ("slack", "twilio", "jira", "mail", "speech")} == {"sandbox"}


def test_a_promise_that_is_missing(stranger: FlaskClient, database: Database) -> None:
    broken_promise(database)
    status, said = ask(stranger, "/api/health")
    assert (status, said["status"], said["audit"]) == (200, "degraded", "bad")
    status, said = ask(stranger)
    assert (status, said["status"]) == (503, "degraded")
    assert [finding["kind"] for finding in said["findings"]] == ["promise_missing"]
    assert "#7" in said["wrong"][0]
    assert "Call somebody yourself" in said["wrong"][0]
    metrics = stranger.get("/metrics").text
    assert 'tocsin_audit_bad{finding="promise_missing"} 1.0' in metrics
    assert "tocsin_audit_good 0.0" in metrics


def test_a_sweep_that_is_dead(stranger: FlaskClient, database: Database) -> None:
    with database.begin() as session:
        session.execute(text("UPDATE audit SET audited_at = audited_at - interval '16 seconds'"))
    assert ask(stranger, "/api/health")[1]["audit"] == "stale"
    status, said = ask(stranger)
    assert (status, len(said["wrong"]), "sweep" in said["wrong"][0]) == (503, 1, True)


def test_a_sweep_that_never_ran(stranger: FlaskClient, database: Database) -> None:
    with database.begin() as session:
        session.execute(text("TRUNCATE audit"))
    assert ask(stranger, "/api/health")[1]["audit"] == "none"
    assert ask(stranger)[0] == 503


@pytest.mark.parametrize(
    ("part", "port"),
    [
        ("slack", "chat"),
        ("twilio", "phone"),
        ("jira", "tickets"),
        ("mail", "mail"),
        ("speech", "speech"),
        ("memory", "memory"),
    ],
)
def test_a_provider_that_is_away(stranger: FlaskClient, providers: Providers, part: str, port: str) -> None:
    getattr(providers, port).fail(TemporaryError("it is away"), method="check")
    status, said = ask(stranger)
    assert status == 503
    assert said["parts"][part]["state"] == "failing"
    assert said["wrong"] == [f"{part}: {said['parts'][part]['says']}"]
    assert "it is away" in said["wrong"][0]


def test_providers_are_asked_once_in_a_while_however_often_somebody_asks(
    stranger: FlaskClient, providers: Providers
) -> None:
    for _ in range(20):
        ask(stranger)
    assert isinstance(providers.chat, FakeChat)
    assert providers.chat.calls == ["check"]


def test_the_open_address_tells_nobody_who_we_are_at_a_provider(stranger: FlaskClient) -> None:
    assert "in memory" not in stranger.get("/api/health/deep").text


def test_redis_and_database_that_are_away() -> None:
    settings = settings_for("postgresql://nobody@127.0.0.1:1/nothing", redis_url="redis://127.0.0.1:1/0")
    database = bootstrap.database(settings)
    providers = Providers(settings)
    fakes = {"chat": FakeChat(), "phone": FakePhone(), "tickets": FakeTickets(), "speech": FakeSpeech()}
    providers.__dict__.update(fakes, mail=FakeMail())
    status, said = ask(create(settings, database, providers).test_client())
    database.engines.dispose()
    assert (status, said["audit"]) == (503, "unknown")
    assert (said["parts"]["database"]["state"], said["parts"]["redis"]["state"]) == ("failing", "failing")
    assert any("Start PostgreSQL" in line for line in said["wrong"])


def test_a_part_that_stays_silent_keeps_one_asker_waiting_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deep, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(deep, "FRESH_SECONDS", 0.0)
    answers, asked = threading.Event(), []

    def silent() -> Checked:
        asked.append(1)
        answers.wait(20)
        return Checked("Slack", "on", "")

    asking = Asking({"Slack": silent})
    assert [part.state for part in asking.ask()] == ["failing"]
    assert [part.state for part in asking.ask()] == ["failing"]
    answers.set()
    asking._pool.shutdown(wait=True)
    assert asked == [1]
    assert [part.state for part in asking.ask()] == ["on"]


def test_who_asks_while_somebody_is_asking_gets_what_is_known() -> None:
    begun, answers = threading.Event(), threading.Event()

    def slow() -> Checked:
        begun.set()
        answers.wait(20)
        return Checked("Slack", "on", "")

    asking = Asking({"Slack": slow})
    first = threading.Thread(target=asking.ask)
    first.start()
    begun.wait(20)
    assert [part.state for part in asking.ask()] == ["unknown"]
    answers.set()
    first.join(20)
    assert [part.state for part in asking.ask()] == ["on"]


def test_metrics_tell_of_lateness_heartbeats_and_pings(stranger: FlaskClient, database: Database) -> None:
    with database.begin() as session:
        session.execute(text("TRUNCATE lateness"))
        session.execute(
            text("INSERT INTO lateness VALUES ('PAGE', 'begun', 2, 3, 1.2), ('PAGE', 'begun', 11, 1, 1000)")
        )
    text_ = stranger.get("/metrics").text
    assert 'tocsin_job_late_seconds_bucket{kind="PAGE",le="0.25",stage="begun"} 0.0' in text_
    assert 'tocsin_job_late_seconds_bucket{kind="PAGE",le="0.5",stage="begun"} 3.0' in text_
    assert 'tocsin_job_late_seconds_bucket{kind="PAGE",le="+Inf",stage="begun"} 4.0' in text_
    assert 'tocsin_heartbeat_age_seconds{part="worker-page"}' in text_
    assert 'tocsin_deadman_pings_total{result="sent"} 0.0' in text_
    assert "tocsin_audit_good 1.0" in text_
