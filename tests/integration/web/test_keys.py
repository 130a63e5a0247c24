"""API keys: shown once, kept as a digest, with a role that is checked at each address, an end, and a way back."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from incidents.roles import Role
from incidents.store import Database
from tests.integration.web.conftest import Ask, Json
from web.guard import OPEN
from web.needs import NEEDS, needed


@pytest.fixture
def key(ask: Ask) -> Callable[..., Json]:
    def key(role: str = "member", **more: object) -> Json:
        return ask("POST", "keys", {"name": f"k-{uuid4().hex[:8]}", "role": role, **more}, status=201)

    return key


def routes(application: APIFlask) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address of everything that demands a key."""
    return [
        (rule.endpoint, method, re.sub(r"<[^>]+>", "1", rule.rule))
        for rule in application.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint not in OPEN
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_a_key_is_shown_once_and_known_by_its_beginning(ask: Ask, key: Callable[..., Json], database: Database) -> None:
    made = key("viewer")
    listed = next(each for each in ask("GET", "keys")["keys"] if each["id"] == made["id"])
    assert made["key"].startswith(listed["begins"])
    assert "key" not in listed
    assert (listed["is_open"], listed["role"], listed["made_by"], listed["used_at"]) == (True, "viewer", "API", None)
    with database.begin() as session:
        kept = session.scalar(text("SELECT to_jsonb(api_keys)::text FROM api_keys WHERE id = :id"), {"id": made["id"]})
    assert made["key"] not in kept


def test_what_changes_something_has_a_role_of_its_own(application: APIFlask) -> None:
    changing = {endpoint for endpoint, method, _ in routes(application) if method != "GET"}
    assert changing <= set(NEEDS)
    assert set(NEEDS) <= {endpoint for endpoint, *_ in routes(application)}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_at_each_address(
    application: APIFlask, stranger: FlaskClient, key: Callable[..., Json], role: Role
) -> None:
    """Whoever may not is told what it needs; whoever may gets any other answer."""
    headers = {"X-API-Key": key(role.value)["key"]}
    cells = 0
    for endpoint, method, address in routes(application):
        answer = stranger.open(address, method=method, headers=headers)
        may = role.may(needed(endpoint, method))
        assert (answer.status_code not in (401, 403)) is may or endpoint == "clock.move", f"{role} {method} {address}"
        if not may:
            assert f"needs the role {needed(endpoint, method)}" in answer.get_json()["detail"]
        cells += 1
    assert cells > 35


def test_a_key_that_was_taken_back_or_has_ended_opens_nothing(
    stranger: FlaskClient, ask: Ask, key: Callable[..., Json], database: Database
) -> None:
    def tried(made: Json) -> tuple[int, str]:
        answer = stranger.get("/api/v1/incidents", headers={"X-API-Key": made["key"]})
        return answer.status_code, str(answer.get_json().get("detail"))

    taken, ended, for_ever = key(), key(days=1), key(days=None)
    assert {tried(each)[0] for each in (taken, ended, for_ever)} == {200}
    ask("DELETE", f"keys/{taken['id']}")
    assert not ask("DELETE", f"keys/{taken['id']}")["is_open"]
    with database.begin() as session:
        session.execute(
            text("UPDATE api_keys SET expires_at = expires_at - :by WHERE id = :id"),
            {"by": timedelta(days=2), "id": ended["id"]},
        )
    assert "was taken back" in tried(taken)[1]
    assert "ended on" in tried(ended)[1]
    assert tried(for_ever)[0] == 200
    assert {tried(each)[0] for each in (taken, ended)} == {401}
    ask("DELETE", "keys/1", status=404)


def test_a_clock_that_is_moved_back_opens_no_key(
    client: FlaskClient, stranger: FlaskClient, key: Callable[..., Json], database: Database
) -> None:
    made = key(days=1)
    with database.begin() as session:
        session.execute(text("UPDATE api_keys SET expires_at = now() - interval '1 hour' WHERE id = :id"), made)
    client.post("/api/v1/clock", json={"advance_seconds": -86_400})
    answer = stranger.get("/api/v1/incidents", headers={"X-API-Key": made["key"]})
    client.post("/api/v1/clock", json={"reset": True})
    assert answer.status_code == 401


def test_the_timeline_tells_which_key_it_was(
    stranger: FlaskClient, ask: Ask, key: Callable[..., Json], report: Callable[..., Json]
) -> None:
    made, number = key("responder"), report()["number"]
    headers = {"X-API-Key": made["key"]}
    assert stranger.post(f"/api/v1/incidents/{number}/ack", headers=headers).status_code == 200
    assert ask("GET", f"incidents/{number}")["acknowledged_by"] == made["name"]
    assert next(each for each in ask("GET", "keys")["keys"] if each["id"] == made["id"])["used_at"] is not None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"name": " "}, "a name has something"),
        ({"name": "x", "role": "king"}, "'viewer', 'member', 'responder' or 'admin'"),
        ({"name": "x", "days": 0}, "greater than or equal to 1"),
        ({}, "name"),
    ],
)
def test_a_key_that_cannot_be(ask: Ask, body: Json, says: str) -> None:
    assert says in ask("POST", "keys", body, status=422)["detail"]


def test_two_keys_of_one_name(ask: Ask, key: Callable[..., Json]) -> None:
    made = key()
    assert "already" in ask("POST", "keys", {"name": made["name"]}, status=422)["detail"]
    ask("DELETE", f"keys/{made['id']}")
    ask("POST", "keys", {"name": made["name"]}, status=201)
