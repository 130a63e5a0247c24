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
        organization = session.get_one(Organization, database.only_store().organization)
        organization.policy, organization.policies = DEFAULT_POLICY, []


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
    assert ask("GET", f"{DEFAULT}/preview?severity=low") == {
        "calls": [],
        "not_called": [],
        "told_after": None,
        "policy": "default",
    }


def test_other_ways_are_read_as_they_were_written_and_shown(ask: Ask) -> None:
    also = [{"by": "slack", "after": 0}, {"by": "text", "after": 60}]
    assert ask("PUT", DEFAULT, {"repeat": 0, "steps": [{"calls": 1, "also": also}]})["steps"][0]["also"] == also
    told = ask("GET", f"{DEFAULT}/preview")["calls"]
    assert [(call["after"], call["channel"]) for call in told] == [(0, "phone"), (0, "slack"), (60, "text")]


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
        ({"steps": [{"also": [{"by": "text", "after": 120}]}]}, "must be less than `wait`"),
        ({"steps": [{"also": [{"by": "pigeon"}]}]}, "by"),
        ({"steps": [{}], "pages": []}, "pages"),
        ({"steps": [{}], "pages": ["URGENT"]}, "pages"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(client: FlaskClient, body: Any, says: str) -> None:
    answer = client.put(f"/api/v1/{DEFAULT}", json=body)
    assert answer.status_code in (404, 422), answer.text
    assert says in answer.text
    assert client.get(f"/api/v1/{DEFAULT}").json["ring_for"] == 25  # type: ignore[index]


CY: Json = {"steps": [{"to": {"person": "Cy"}}]}


def made(ask: Ask, name: str, **for_: list[str]) -> Json:
    return ask("POST", "policies", {"name": name, "for": for_, **CY}, status=201)


def names(ask: Ask) -> list[str]:
    return [each["name"] for each in ask("GET", "policies")["policies"]]


def test_several_are_tried_in_their_order_and_the_default_last(ask: Ask) -> None:
    database = made(ask, "Database", categories=["database"])
    assert (database["for"], database["place"]) == (
        {"severities": [], "categories": ["database"], "services": [], "projects": []},
        1,
    )
    made(ask, "Checkout", services=["checkout"])
    first = ask("POST", "policies", {"name": "Bad", "for": {"severities": ["high"]}, "place": 1, **CY}, status=201)
    assert names(ask) == ["Bad", "Database", "Checkout", "default"]
    moved = ask("PUT", f"policies/{first['id']}", {"name": "Worst", "place": 3, **CY})
    assert (moved["name"], moved["for"]["severities"], moved["place"]) == ("Worst", ["HIGH"], 3)
    assert ask("GET", "policies/Worst") == moved
    assert ask("PUT", "policies/Worst", {"for": {"severities": ["LOW"]}, **CY})["place"] == 3
    left = ask("DELETE", "policies/Database")["policies"]
    assert [each["name"] for each in left] == names(ask) == ["Checkout", "Worst", "default"]
    ask("GET", "policies/Database", status=404)
    ask("DELETE", "policies/Database", status=404)


@pytest.mark.parametrize(
    ("asked", "policy", "first"),
    [
        ("severity=HIGH", "default", "Bea"),
        ("severity=MEDIUM&category=database", "Database", "Cy"),
        ("severity=HIGH&category=database&service=Checkout", "Database", "Cy"),
        ("severity=HIGH&service=%20CHECKOUT", "Checkout", "Cy"),
        ("severity=MEDIUM&service=checkout", "default", "Bea"),
        ("category=nonsense", "default", "Bea"),
    ],
)
def test_a_look_at_whom_some_incident_would_call(ask: Ask, asked: str, policy: str, first: str) -> None:
    made(ask, "Database", categories=["database"])
    made(ask, "Checkout", services=["checkout"], severities=["HIGH"])
    told = ask("GET", f"preview?{asked}")
    assert (told["policy"], told["calls"][0]["person"]) == (policy, first)


def test_a_report_of_a_service_is_paged_by_its_policy(ask: Ask, report: Callable[..., Json]) -> None:
    made(ask, "Checkout", services=["checkout"])
    theirs = report(severity="HIGH", service="Checkout")
    assert (theirs["service"], theirs["policy"]) == ("Checkout", "Checkout")
    assert "next Cy" in theirs["page"]
    strange = report(severity="HIGH", service={"name": "checkout"})
    assert (strange["service"], strange["policy"]) == (None, "default")


def test_who_is_called_by_any_policy_does_not_vanish(ask: Ask) -> None:
    eve = ask("POST", "members", {"name": "Eve of the night", "phone": "+12025550177"}, status=201)
    step = {"to": {"person": eve["id"]}}
    ask("POST", "policies", {"name": "Night", "for": {"categories": ["network"]}, "steps": [step]}, status=201)
    told = ask("DELETE", f"members/{eve['id']}", status=409)
    assert "is to be called (the policy Night)" in told["detail"]
    ask("DELETE", "policies/Night")
    ask("DELETE", f"members/{eve['id']}")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({**CY}, "Say its name, and what it is for"),
        ({"name": "x", **CY}, "what it is for"),
        ({"name": "Default", "for": {}, **CY}, "There is a policy 'Default' already"),
        ({"name": "x", "for": {"categories": ["nonsense"]}, **CY}, "no category 'nonsense'"),
        ({"name": "x", "for": {"severities": ["URGENT"]}, **CY}, "severities"),
        ({"name": "a/b", "for": {}, **CY}, "name"),
        ({"name": "x", "for": {}, "place": 0, **CY}, "place"),
    ],
)
def test_what_is_no_policy_is_refused(ask: Ask, body: Json, says: str) -> None:
    assert says in ask("POST", "policies", body, status=422)["detail"]
    assert names(ask) == ["default"]


def test_the_default_stays_what_it_is(ask: Ask) -> None:
    assert "stays" in ask("DELETE", DEFAULT, status=422)["detail"]
    for more in ({"name": "Other"}, {"for": {"services": ["x"]}}, {"place": 2}):
        assert "keeps its name" in ask("PUT", DEFAULT, {**CY, **more}, status=422)["detail"]
    assert ask("PUT", DEFAULT, {**CY, "name": "default"})["place"] == 1


def test_what_is_read_can_be_sent_back(ask: Ask) -> None:
    made(ask, "Database", categories=["database"])
    for name in ("Database", "default"):
        read = ask("GET", f"policies/{name}")
        assert ask("PUT", f"policies/{name}", read) == read


def test_two_names_that_differ_in_case_alone_are_one(ask: Ask) -> None:
    made(ask, "Night")
    told = ask("POST", "policies", {"name": "night", "for": {}, **CY}, status=422)
    assert "There is a policy 'night' already" in told["detail"]
