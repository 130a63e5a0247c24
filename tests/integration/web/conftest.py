"""The web application over a real PostgreSQL, asked by Flask's client with the admin's key."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from app import bootstrap
from app.bootstrap import Providers
from app.resolve import with_sandbox
from app.settings import Settings
from incidents import organizations
from incidents.store import Database
from tests.fakes import FakeMail, FakePhone
from web.application import create

KEY = "a-key-for-tests"
Json = dict[str, Any]
Ask = Callable[..., Json]
DAILY = {"people": ["Bea", "Cy"], "starts": "2026-01-05T09:00:00", "every": {"unit": "day", "length": 1}}


def settings_for(database_url: str, **more: Any) -> Settings:
    """Sandbox settings over that database; nothing of the environment counts."""
    absent = dict.fromkeys(set(Settings.model_fields) - {"port", "sandbox_port", "public_url", "data_dir"})
    given = {"database_url": database_url, "sandbox": "1", "admin_api_key": KEY, "clock_adjustable": "1", **more}
    plain = {name: value for name, value in {**absent, **given}.items() if value is not None}
    return with_sandbox(Settings(_env_file=None, **plain))


@pytest.fixture(scope="session")
def settings(make_database: Callable[[], str]) -> Settings:
    settings = settings_for(make_database())
    bootstrap.migrate(settings)
    return settings


@pytest.fixture(scope="session")
def database(settings: Settings) -> Iterator[Database]:
    database = bootstrap.database(settings)
    with database.begin() as session:
        organizations.first(session, sandbox=True)
    yield database
    database.engines.dispose()


@pytest.fixture(scope="session")
def providers(settings: Settings) -> Providers:
    """The real wiring with a phone and letters in memory."""
    providers = Providers(settings)
    providers.__dict__.update(phone=FakePhone(), mail=FakeMail())
    return providers


@pytest.fixture(scope="session")
def application(settings: Settings, database: Database, providers: Providers) -> APIFlask:
    return create(settings, database, providers)


@pytest.fixture
def stranger(application: APIFlask) -> FlaskClient:
    """Somebody without a key."""
    return application.test_client()


@pytest.fixture
def client(application: APIFlask) -> FlaskClient:
    client = application.test_client()
    client.environ_base["HTTP_X_API_KEY"] = KEY
    return client


@pytest.fixture
def report(client: FlaskClient) -> Callable[..., Json]:
    """Reports an incident that nobody else has; gives what the product answered."""

    def report(**body: Any) -> Json:
        answer = client.post("/api/v1/incidents", json={"id": f"t-{uuid4().hex}", "title": "Disk full", **body})
        assert answer.status_code == 202, answer.text
        return dict(answer.json or {})

    return report


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    def ask(method: str, path: str, body: Any = None, *, status: int = 200) -> Json:
        answer = client.open(f"/api/v1/{path}", method=method, json=body, buffered=True)
        assert answer.status_code == status, answer.text
        return dict(answer.get_json(silent=True) or {})

    return ask


@pytest.fixture
def rota(ask: Ask) -> Iterator[str]:
    """A schedule by which Bea and Cy hand over each day at nine in Berlin."""
    name = f"s-{uuid4().hex[:8]}"
    ask("POST", "schedules", {"name": name, "zone": "Europe/Berlin", "layers": [DAILY]}, status=201)
    yield name
    ask("DELETE", f"schedules/{name}", status=204)
