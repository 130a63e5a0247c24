"""Silences over REST."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.integration.web.conftest import Ask, Json


def at(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def test_made_listed_and_ended(ask: Ask) -> None:
    made = ask("POST", "silences", {"reason": "Moving the database", "ends": at(2), "by": "Ana"}, status=201)
    assert (made["severities"], made["categories"], made["made_by"]) == (["LOW", "MEDIUM"], [], "Ana")
    assert made in ask("GET", "silences")["silences"]
    ended = ask("DELETE", f"silences/{made['id']}")
    assert (ended["ended_by"], ended["ends"] < made["ends"]) == ("API", True)
    assert made["id"] not in [each["id"] for each in ask("GET", "silences")["silences"]]
    assert ask("DELETE", f"silences/{made['id']}") == ended
    ask("DELETE", "silences/1", status=404)


def test_the_preview_waits_for_its_end(ask: Ask) -> None:
    made = ask("POST", "silences", {"reason": "Moving", "ends": at(2), "severities": ["high"]}, status=201)
    high, medium = (
        ask("GET", f"policies/default/preview?severity={severity}")["calls"][0]["after"]
        for severity in ("HIGH", "MEDIUM")
    )
    ask("DELETE", f"silences/{made['id']}")
    assert 7000 < high < 7300
    assert medium == 30


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"reason": " "}, "reason"),
        ({"ends": at(-1)}, "ends after it begins"),
        ({"ends": "tomorrow"}, "ends"),
        ({"severities": []}, "severities"),
        ({"severities": ["AWFUL"]}, "severities"),
        ({"categories": ["nonsense"]}, "There is no category 'nonsense'"),
        ({"begins": at(3), "ends": at(2)}, "ends after it begins"),
        ({"ends": at(24 * 15)}, "14 days at most"),
    ],
)
def test_what_is_wrong_is_said(ask: Ask, wrong: Json, says: str) -> None:
    body = {"reason": "Moving", "ends": at(2), **wrong}
    assert says in ask("POST", "silences", body, status=422)["detail"]


def test_a_member_may_see_them_and_a_responder_make_them(ask: Ask, stranger: FlaskClient) -> None:
    key = ask("POST", "keys", {"name": f"silence {uuid4()}", "role": "member", "days": 1}, status=201)["key"]
    headers = {"X-API-Key": key}
    assert stranger.get("/api/v1/silences", headers=headers).status_code == 200
    body = {"reason": "Hush", "ends": at(1)}
    assert stranger.post("/api/v1/silences", json=body, headers=headers).status_code == 403
