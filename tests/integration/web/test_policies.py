"""The policy over REST: read as it was written, shown before it calls anybody, and refused with a reason."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from incidents.models import Organization
from incidents.policy import DEFAULT_POLICY
from incidents.store import Database
from tests.integration.web.conftest import Ask, Json

DEFAULT = "policies/default"


@pytest.fixture(autouse=True)
def _as_it_was(database: Database) -> Iterator[None]:
    yield
    with database.begin() as session:
        session.get_one(Organization, database.only_store().organization).policy = DEFAULT_POLICY


def test_it_is_read_as_it_was_written(ask: Ask, rota: str) -> None:
    steps = [{"to": {"schedule": rota}}, {"to": {"person": "Cy"}, "calls": 1, "every": 60, "wait": 90}, {}]
    written = ask("PUT", DEFAULT, {"pages": ["high"], "repeat": 0, "steps": steps})
    assert ask("GET", DEFAULT) == written
    assert written["pages"] == ["HIGH"]
    assert [step["to"] and (step["to"]["schedule"] or step["to"]["person"])["name"] for step in written["steps"]] == [
        rota,
        "Cy",
        None,
    ]
    assert [(step["calls"], step["every"], step["wait"]) for step in written["steps"]] == [
        (2, 60, 120),
        (1, 60, 90),
        (2, 60, 120),
    ]
    ask("PUT", DEFAULT, {"steps": [{}]})  # So that the schedule can be removed.


def test_the_seeded_one_calls_the_list(ask: Ask) -> None:
    told = ask("GET", f"{DEFAULT}/preview")
    assert [(call["after"], call["person"]) for call in told["calls"]] == [
        (60 * minute, ("Bea", "Bea", "Cy", "Cy")[minute % 4]) for minute in range(12)
    ]
    assert told["told_after"] == 720
    assert {call["channel"] for call in told["calls"]} == {"phone"}
    assert ask("GET", f"{DEFAULT}/preview?severity=low") == {"calls": [], "not_called": [], "told_after": None}


def test_the_preview_flags_who_cannot_be_called(ask: Ask, rota: str) -> None:
    ask("PUT", f"schedules/{rota}", {"name": rota, "zone": "UTC", "layers": []})
    steps = [{"to": {"schedule": rota}}, {"to": {"person": "Cy"}}]
    ask("PUT", DEFAULT, {"repeat": 0, "steps": steps})
    told = ask("GET", f"{DEFAULT}/preview?severity=HIGH&at=2026-12-24T20:00:00Z")
    assert [(call["after"], call["step"], call["person"], call["trouble"]) for call in told["calls"]] == [
        (0, 1, None, f"nobody is on call in {rota}"),
        (0, 2, "Cy", None),
        (60, 2, "Cy", None),
    ]
    assert told["told_after"] == 120
    ask("PUT", DEFAULT, {"steps": [{}]})


def test_an_incident_keeps_what_it_was_opened_with(ask: Ask, report: Callable[..., Json]) -> None:
    number = report(severity="HIGH")["number"]
    ask("PUT", DEFAULT, {"steps": [{"to": {"person": "Cy"}}]})
    assert "next Bea" in ask("GET", f"incidents/{number}/status")["page"]
    assert "next Cy" in ask("GET", f"incidents/{report(severity='HIGH')['number']}/status")["page"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"steps": []}, "at least 1 item"),
        ({"steps": [{"to": {"schedule": "a", "person": "b"}}]}, "name one"),
        ({"steps": [{"to": {}}]}, "name one"),
        ({"steps": [{"to": {"person": "Nobody"}}]}, "no person 'Nobody'"),
        ({"steps": [{"to": {"schedule": "Never"}}]}, "no schedule 'Never'"),
        ({"steps": [{"calls": 3, "every": 60, "wait": 120}]}, "must be longer than all calls"),
        ({"steps": [{"calls": 10, "every": 60, "wait": 600}] * 5, "repeat": 10}, "200 calls at most"),
        ({"steps": [{}], "ring_for": 90}, "ring_for"),
        ({"steps": [{}], "pages": []}, "pages"),
        ({"steps": [{}], "pages": ["URGENT"]}, "pages"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(client: FlaskClient, body: Any, says: str) -> None:
    answer = client.put(f"/api/v1/{DEFAULT}", json=body)
    assert answer.status_code in (404, 422), answer.text
    assert says in answer.text
    assert client.get(f"/api/v1/{DEFAULT}").json["ring_for"] == 25  # type: ignore[index]
