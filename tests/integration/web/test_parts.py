"""Health, metrics, the clock, and a database that is away."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from app import bootstrap
from app.bootstrap import Providers
from tests.integration.web.conftest import KEY, Json, settings_for
from web.application import create

Report = Callable[..., Json]
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def _client(application: APIFlask) -> FlaskClient:
    client = application.test_client()
    client.environ_base["HTTP_X_API_KEY"] = KEY
    return client


@pytest.fixture
def cut_off() -> Iterator[FlaskClient]:
    """An application whose database is away."""
    settings = settings_for(NOWHERE)
    database = bootstrap.database(settings)
    yield _client(create(settings, database, Providers(settings)))
    database.engines.dispose()


@pytest.fixture
def plain(settings: object) -> Iterator[FlaskClient]:
    """An application without sandbox and without providers, over a database that is away."""
    off = settings_for(NOWHERE, sandbox="0", clock_adjustable=None, chroma_url=None)
    database = bootstrap.database(off)
    yield _client(create(off, database, Providers(off)))
    database.engines.dispose()


def test_health_names_the_parts(stranger: FlaskClient) -> None:
    said = stranger.get("/api/health").get_json()
    assert said["parts"]["database"] == "on"
    assert {said["parts"][name] for name in ("slack", "twilio", "jira", "speech", "model")} == {"sandbox"}


def test_health_says_what_is_off_and_what_is_away(plain: FlaskClient) -> None:
    answer = plain.get("/api/health")
    assert answer.status_code == 200
    said = answer.get_json()
    assert (said["status"], said["parts"]["database"]) == ("degraded", "failing")
    assert {said["parts"][name] for name in ("slack", "twilio", "jira", "speech", "model", "memory")} == {"off"}


def test_without_its_database_nothing_is_accepted(cut_off: FlaskClient) -> None:
    for answer in (
        cut_off.post("/api/v1/incidents", json={"title": "Lost?"}),
        cut_off.get("/api/v1/incidents/1"),
        cut_off.get("/api/v1/incidents/stats"),
    ):
        assert answer.status_code == 503
        assert "nothing was accepted" in answer.get_json()["detail"]
        assert int(answer.headers["Retry-After"]) > 0


def test_metrics_survive_a_database_that_is_away(cut_off: FlaskClient) -> None:
    text = cut_off.get("/metrics").text
    assert "tocsin_database_up 0.0" in text
    assert 'tocsin_provider_on{provider="slack",state="sandbox"} 1.0' in text


def test_metrics_count_what_is_owed_and_how_long_answers_take(client: FlaskClient, report: Report) -> None:
    made = report()
    client.get(f"/api/v1/incidents/{made['number']}")
    text = client.get("/metrics").text
    assert "tocsin_database_up 1.0" in text
    assert 'tocsin_jobs_overdue{kind="TRIAGE"}' in text
    assert 'tocsin_jobs_oldest_overdue_seconds{kind="TRIAGE"}' in text
    assert 'tocsin_incidents_accepted_total{source="api"}' in text
    assert 'route="/api/v1/incidents/<name>",status="200"' in text


@pytest.fixture
def _clock_put_back(client: FlaskClient) -> Iterator[None]:
    yield
    client.post("/api/v1/clock", json={"reset": True})


@pytest.mark.usefixtures("_clock_put_back")
def test_the_clock_is_held_moved_and_released(client: FlaskClient) -> None:
    held = client.post("/api/v1/clock", json={"hold": True}).get_json()
    moved = client.post("/api/v1/clock", json={"advance_seconds": 120}).get_json()
    assert (held["held"], moved["held"]) == (True, True)
    assert _time(moved) - _time(held) == timedelta(seconds=120)
    assert client.get("/api/v1/clock").get_json() == moved
    assert client.post("/api/v1/clock", json={"release": True}).get_json()["held"] is False


@pytest.mark.usefixtures("_clock_put_back")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"hold": False},
        {"hold": True, "reset": True},
        {"advance_seconds": "soon"},
        {"advance_seconds": 1e300},
        {"advance_seconds": -400_000_000},
        {"advance_seconds": []},
    ],
)
def test_the_clock_refuses_what_it_cannot_do(client: FlaskClient, body: Json) -> None:
    assert client.post("/api/v1/clock", json=body).status_code == 422


def test_the_clock_is_closed_unless_it_is_adjustable(plain: FlaskClient) -> None:
    for answer in (plain.get("/api/v1/clock"), plain.post("/api/v1/clock", json={"advance_seconds": 1})):
        assert answer.status_code == 403
        assert "CLOCK_ADJUSTABLE" in answer.get_json()["detail"]


def test_calls_are_refused_while_phones_are_off(plain: FlaskClient) -> None:
    body = {"toPhoneNumber": "+12025550111", "incidentId": 1, "message": "x"}
    answer = plain.post("/api/twilio/outbound/call/incident-notification", json=body)
    assert (answer.status_code, "TWILIO_ACCOUNT_SID" in answer.get_json()["detail"]) == (409, True)


def test_a_memory_that_is_not_set_up_is_temporarily_unavailable(plain: FlaskClient) -> None:
    answer = plain.get("/api/knowledge/search?query=disk")
    assert (answer.status_code, "CHROMA_URL" in answer.get_json()["detail"]) == (503, True)


def _time(clock: Json) -> datetime:
    return datetime.fromisoformat(clock["now"])
