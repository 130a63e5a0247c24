"""Jira's webhook: only with its signature, each event once, and the timeline tells who moved the ticket."""

import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from incidents.models import Incident
from incidents.store import Database
from tests.integration.web.conftest import Json

SECRET = b"sandbox-jira-secret"
Report = Callable[..., Json]


@pytest.fixture
def ticket(report: Report, database: Database) -> Json:
    """An incident with a ticket."""
    made = report()
    made["ticket"] = f"OPS-{made['number']}"
    with database.only_store().begin() as tx:
        tx.session.scalars(tx.select(Incident).where(Incident.number == made["number"])).one().ticket_key = made[
            "ticket"
        ]
    return made


def _event(ticket: str, **user: str) -> Json:
    return {
        "webhookEvent": "jira:issue_updated",
        "user": {"displayName": "Dora", "emailAddress": "dora@example.com", **user},
        "issue": {"key": ticket},
        "changelog": {"items": [{"field": "status", "fromString": "To Do", "toString": "Done"}, {"field": "labels"}]},
    }


def _send(client: FlaskClient, event: Any, *, name: str | None = None, signature: str | None = None) -> Any:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    signed = signature if signature is not None else f"sha256={hmac.new(SECRET, body, sha256).hexdigest()}"
    headers = {"X-Hub-Signature": signed, "X-Atlassian-Webhook-Identifier": name or uuid4().hex}
    return client.post("/jira/webhook", data=body, headers=headers, content_type="application/json")


def _moves(client: FlaskClient, made: Json) -> list[Json]:
    lines = client.get(f"/api/v1/incidents/{made['id']}/timeline").get_json()["timeline"]
    return [line for line in lines if line["kind"] == "ticket_moved"]


def test_a_moved_ticket_is_told_in_the_timeline(client: FlaskClient, ticket: Json) -> None:
    assert _send(client, _event(ticket["ticket"])).status_code == 200
    (line,) = _moves(client, ticket)
    assert (line["actor"], line["details"]["before"], line["details"]["status"]) == ("Dora", "To Do", "Done")


def test_the_same_event_again_changes_nothing(client: FlaskClient, ticket: Json) -> None:
    name = uuid4().hex
    for _ in range(3):
        assert _send(client, _event(ticket["ticket"]), name=name).status_code == 200
    assert len(_moves(client, ticket)) == 1


def test_our_own_update_is_not_told_twice(client: FlaskClient, ticket: Json) -> None:
    assert _send(client, _event(ticket["ticket"], emailAddress="sandbox@example.com")).status_code == 200
    assert _moves(client, ticket) == []


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", "sha1=00", "ü"])
def test_a_wrong_signature_is_refused_before_anything_is_read(
    client: FlaskClient, ticket: Json, signature: str
) -> None:
    assert _send(client, _event(ticket["ticket"]), signature=signature).status_code == 401
    assert _send(client, b"{not json", signature=signature).status_code == 401
    assert _moves(client, ticket) == []


@pytest.mark.parametrize(
    "event",
    [
        {},
        [],
        None,
        "x",
        {"issue": []},
        {"issue": {"key": 5}},
        {"issue": {"key": "OPS-\x00"}},
        {"issue": {"key": "NO-1"}},
    ],
)
def test_an_event_about_nothing_of_ours_is_taken_and_ignored(client: FlaskClient, event: Any) -> None:
    assert _send(client, event).status_code == 200


@pytest.mark.parametrize(
    "items", [5, {}, [None], [{"field": "status"}], [{"field": "status", "toString": {"a": "\x00"}}]]
)
def test_a_strange_changelog_breaks_nothing(client: FlaskClient, ticket: Json, items: Any) -> None:
    assert _send(client, {**_event(ticket["ticket"]), "changelog": {"items": items}}).status_code == 200


def test_malformed_json_is_told(client: FlaskClient) -> None:
    assert _send(client, b"{").status_code == 400
