"""Organizations beside the first: made with a key of their own, exported, removed after that, and nothing before."""

import json
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from app.bootstrap import Providers
from incidents.errors import TemporaryError
from incidents.models import Base, Organization
from incidents.store import Database
from knowledge.seeds import load_seeds
from tests.core_fakes import FakeMemory
from tests.integration.web.conftest import Ask, Json


@pytest.fixture(autouse=True)
def memory(providers: Providers) -> Iterator[FakeMemory]:
    before = dict(vars(providers))
    memory = FakeMemory()
    vars(providers)["memory"] = memory
    yield memory
    vars(providers).clear()
    vars(providers).update(before)


@pytest.fixture
def made(ask: Ask) -> Json:
    return ask("POST", "organizations", {"name": f"Globex {uuid4().hex[:6]}"}, status=201)


@pytest.fixture
def theirs(application: APIFlask, made: Json) -> FlaskClient:
    client = application.test_client()
    client.environ_base["HTTP_X_API_KEY"] = made["key"]
    return client


def exported(client: FlaskClient, id: str) -> list[Json]:
    answer = client.get(f"/api/v1/organizations/{id}/export", buffered=True)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def rows_of(database: Database, organization: UUID) -> int:
    tables = [table for table in Base.metadata.sorted_tables if "organization_id" in table.c]
    with database.begin() as session:
        found = [
            session.execute(select(1).select_from(table).where(table.c.organization_id == organization)).all()
            for table in tables
        ]
    return sum(map(len, found))


def test_it_begins_with_a_key_and_numbers_of_its_own(made: Json, theirs: FlaskClient, ask: Ask) -> None:
    answer = theirs.post("/api/v1/incidents", json={"title": "Theirs", "severity": "HIGH"})
    assert (answer.status_code, answer.get_json()["number"]) == (202, 1)
    assert theirs.get("/api/v1/members").get_json() == {"members": []}
    [own] = theirs.get("/api/v1/organizations").get_json()["organizations"]
    assert own == made["organization"]
    everybody = ask("GET", "organizations")["organizations"]
    assert everybody[0]["name"] == "default"
    assert made["organization"] in everybody
    told = ask("POST", "organizations", {"name": made["organization"]["name"].upper()}, status=422)
    assert "already" in told["detail"]


def test_only_whoever_runs_the_server_makes_and_removes(made: Json, theirs: FlaskClient) -> None:
    assert theirs.post("/api/v1/organizations", json={"name": "Mine"}).status_code == 403
    assert theirs.delete(f"/api/v1/organizations/{made['organization']['id']}").status_code == 403
    assert theirs.get("/api/v1/organizations/default/export").status_code == 404
    assert theirs.delete("/api/v1/organizations/default").status_code == 404


def test_who_runs_the_server_makes_one_more_key_for_it(made: Json, ask: Ask, application: APIFlask) -> None:
    id = made["organization"]["id"]
    key = ask("POST", f"organizations/{id}/keys", {"name": "lost and found", "role": "viewer"}, status=201)
    client = application.test_client()
    client.environ_base["HTTP_X_API_KEY"] = key["key"]
    assert [each["id"] for each in client.get("/api/v1/organizations").get_json()["organizations"]] == [id]
    assert client.post("/api/v1/incidents", json={"title": "x"}).status_code == 403
    ask("POST", "organizations/nobody/keys", {"name": "x"}, status=404)


def test_the_export_has_all_rows_and_no_secret(made: Json, theirs: FlaskClient, client: FlaskClient) -> None:
    id = made["organization"]["id"]
    theirs.post("/api/v1/members", json={"name": "Eve", "phone": "+12025550177", "email": "eve@example.com"})
    assert theirs.post("/api/v1/members/Eve/email/code").status_code == 202
    theirs.post("/api/v1/schedules", json={"name": "Primary", "zone": "UTC", "layers": []})
    theirs.post("/api/v1/incidents", json={"title": "Grüße vom Server", "severity": "HIGH"})
    lines = exported(theirs, id)
    assert lines[0]["table"] == "organizations"
    tables = [line["table"] for line in lines]
    assert {"api_keys", "members", "phone_codes", "schedules", "incidents", "jobs", "timeline"} <= set(tables)
    assert tables.index("incidents") < tables.index("jobs")
    assert "Grüße vom Server" in str(lines)
    assert {line["row"].get("organization_id", line["row"]["id"]) for line in lines} == {id}
    kept = [set(line["row"]) for line in lines if line["table"] in ("api_keys", "phone_codes", "schedules")]
    assert not any({"digest", "feed"} & columns for columns in kept)
    assert len(exported(client, id)) == len(lines)


def test_it_is_removed_after_its_export_when_asked_twice(
    made: Json, theirs: FlaskClient, client: FlaskClient, ask: Ask, database: Database, memory: FakeMemory
) -> None:
    id, name = made["organization"]["id"], made["organization"]["name"]
    theirs.post("/api/v1/incidents", json={"title": "Theirs"})
    assert "Export it first" in ask("DELETE", f"organizations/{id}?confirm={name}", status=409)["detail"]
    exported(client, id)
    assert f"?confirm={name}" in ask("DELETE", f"organizations/{id}", status=409)["detail"]
    assert f"?confirm={name}" in ask("DELETE", f"organizations/{id}?confirm=other", status=409)["detail"]
    theirs.post("/api/v1/incidents", json={"title": "One more"})
    assert "since its export" in ask("DELETE", f"organizations/{id}?confirm={name}", status=409)["detail"]
    assert rows_of(database, UUID(id)) > 0
    exported(client, id)
    left = ask("DELETE", f"organizations/{name}?confirm={name}")["organizations"]
    assert name not in [each["name"] for each in left]
    assert rows_of(database, UUID(id)) == 0
    assert theirs.get("/api/v1/incidents").status_code == 401
    ask("DELETE", f"organizations/{id}?confirm={name}", status=404)
    with database.begin() as session:
        named = session.execute(text("SELECT to_regclass(:name)"), {"name": f"incident_numbers_{UUID(id).hex}"})
        assert named.scalar_one() is None


def test_a_name_that_another_one_has_is_refused(made: Json, theirs: FlaskClient) -> None:
    answer = theirs.put(f"/api/v1/organizations/{made['organization']['id']}", json={"name": "default"})
    assert answer.status_code == 422
    assert "Another organization has that name" in answer.get_json()["detail"]


def test_an_old_export_does_not_count(made: Json, client: FlaskClient, ask: Ask, database: Database) -> None:
    id, name = made["organization"]["id"], made["organization"]["name"]
    exported(client, id)
    with database.begin() as session:
        session.execute(update(Organization).values(exported_at=text("exported_at - interval '61 minutes'")))
    assert "Export it first" in ask("DELETE", f"organizations/{id}?confirm={name}", status=409)["detail"]


def test_the_first_one_stays(client: FlaskClient, ask: Ask, database: Database) -> None:
    first = str(database.only_store().organization)
    exported(client, first)
    assert "stays" in ask("DELETE", f"organizations/{first}?confirm=default", status=409)["detail"]


def test_a_name_that_nobody_has(ask: Ask, report: Callable[..., Json]) -> None:
    ask("GET", "organizations/nobody/export", status=404)
    ask("DELETE", "organizations/nobody", status=404)


def test_hand_overs_of_others_are_told_nowhere_and_nobody_is_led_to_think_so(theirs: FlaskClient) -> None:
    body = {"name": "Theirs", "zone": "UTC", "layers": [], "hand_over_channel": "C0TEAM"}
    answer = theirs.post("/api/v1/schedules", json=body)
    assert (answer.status_code, "first organization" in answer.text) == (422, True)
    assert theirs.get("/api/v1/schedules").get_json() == {"schedules": []}


def test_it_knows_the_runbooks_from_the_beginning(made: Json, memory: FakeMemory) -> None:
    id = UUID(made["organization"]["id"])
    assert {source for owner, source in memory.lessons if owner == id} == {seed.source for seed in load_seeds()}


def test_it_is_made_while_the_memory_is_away(ask: Ask, memory: FakeMemory) -> None:
    memory.fail(TemporaryError("Chroma does not answer"))
    assert ask("POST", "organizations", {"name": f"Globex {uuid4().hex[:6]}"}, status=201)["key"]
