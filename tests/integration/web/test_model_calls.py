"""What operators see of the models: who is left alone, what was asked, how long it took."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app import bootstrap
from app.bootstrap import Providers
from app.settings import Settings
from incidents import model_calls, organizations
from incidents.model_calls import Ended, Outcome
from incidents.store import Database, make_engines
from tests.core_fakes import FakeMemory
from web.application import create

AWAY = Ended(Outcome.AWAY, timedelta(seconds=2), reason="down")


@pytest.fixture
def own(tmp_path: Path, make_database: Callable[[], str]) -> Settings:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=make_database(),
        llm_model="groq:a,ollama:phi3",
        groq_api_key="gsk-test",
        public_url="http://127.0.0.1:8080",
    )
    bootstrap.migrate(settings)
    return settings


@pytest.fixture
def database(own: Settings) -> Iterator[Database]:
    assert own.database_url
    database = Database(make_engines(own.database_url))
    yield database
    database.engines.dispose()


@pytest.fixture
def organization(database: Database) -> UUID:
    with database.begin() as session:
        return organizations.first(session, sandbox=True)


@pytest.fixture
def client(own: Settings, database: Database, organization: UUID) -> FlaskClient:
    providers = Providers(own)
    providers.__dict__.update(memory=FakeMemory())
    return create(own, database, providers).test_client()


def fail(database: Database, organization: UUID, model: str, *, times: int = 3) -> None:
    with database.begin() as session:
        for _ in range(times):
            model_calls.ended(session, organization, model, AWAY)


def test_deep_health_says_who_is_left_alone_and_fails_when_all_are(
    client: FlaskClient, database: Database, organization: UUID
) -> None:
    def model() -> dict[str, str]:
        said: dict[str, str] = client.get("/api/health/deep").get_json()["parts"]["model"]
        return said

    assert model() == {"state": "on", "says": "not asked, because asking costs money"}
    fail(database, organization, "groq:a")
    assert model()["state"] == "on"
    assert "groq:a failed 3 times in a row and is left alone until" in model()["says"]
    fail(database, organization, "ollama:phi3")
    assert model()["state"] == "failing"
    assert "Triage goes on by memory and rules." in model()["says"]
    with database.begin() as session:
        session.execute(text("UPDATE model_states SET resting_until = store_now() - interval '1 second'"))
    assert model()["state"] == "on"


def test_metrics_tell_calls_time_and_tokens_of_all_workers(
    client: FlaskClient, database: Database, organization: UUID
) -> None:
    fail(database, organization, "groq:a")
    with database.begin() as session:
        model_calls.ask(session, organization, "ollama:phi3", budget=9)
        answered = Ended(Outcome.ANSWERED, timedelta(seconds=1.5), tokens=700)
        model_calls.ended(session, organization, "ollama:phi3", answered)
    said = client.get("/metrics").get_data(as_text=True).splitlines()
    for line in (
        'tocsin_model_calls_total{model="groq:a",outcome="away"} 3.0',
        'tocsin_model_calls_total{model="ollama:phi3",outcome="answered"} 1.0',
        'tocsin_model_calls_total{model="ollama:phi3",outcome="asked"} 1.0',
        'tocsin_model_seconds_total{model="ollama:phi3",outcome="answered"} 1.5',
        'tocsin_model_tokens_total{model="ollama:phi3"} 700.0',
        'tocsin_model_resting{model="groq:a"} 1.0',
        'tocsin_model_resting{model="ollama:phi3"} 0.0',
    ):
        assert line in said
