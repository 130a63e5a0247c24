"""PINs over REST: given and taken away by admins, and shown to nobody."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select

from incidents import tenants
from incidents.models import Pin
from incidents.store import Database
from tests.integration.web.conftest import Ask, Json

PIN = "27182"


@pytest.fixture
def eve(ask: Ask) -> Iterator[Json]:
    eve = ask("POST", "members", {"name": f"Eve {uuid4().hex[:6]}", "phone": "+12025550177"}, status=201)
    yield eve
    ask("DELETE", f"members/{eve['id']}")


@pytest.fixture
def pins_kept(database: Database) -> Callable[[], int]:
    def pins_kept() -> int:
        with database.begin() as session:
            return session.scalar(select(func.count()).select_from(Pin)) or 0

    return pins_kept


def test_given_changed_and_taken_away(ask: Ask, eve: Json, pins_kept: Callable[[], int]) -> None:
    assert eve["has_pin"] is False
    for pin in (PIN, "31415"):
        given = ask("PUT", f"members/{eve['id']}/pin", {"pin": pin})
        assert given == {**eve, "has_pin": True}
        assert given in ask("GET", "members")["members"]
    assert pins_kept() == 1
    assert ask("PUT", f"members/{eve['id']}", {"name": eve["name"], "phone": eve["phone"]})["has_pin"]
    for _ in range(2):
        assert ask("DELETE", f"members/{eve['id']}/pin") == eve
    assert pins_kept() == 0


@pytest.mark.parametrize(
    ("pin", "says"),
    [
        ("7777", "guessed first"),
        ("0177", "Digits of the own number"),
        ("271", "pin"),
        ("2718281828", "pin"),
        ("2718x", "pin"),
        (27182, "pin"),
        (None, "pin"),
    ],
)
def test_a_refusal_does_not_repeat_it(
    ask: Ask, eve: Json, pin: object, says: str, pins_kept: Callable[[], int]
) -> None:
    told = ask("PUT", f"members/{eve['id']}/pin", {"pin": pin}, status=422)
    assert says in told["detail"]
    assert str(pin) not in str(told).replace(told["request_id"], "")
    assert pins_kept() == 0


def test_nobody_but_an_admin_gives_one(application: APIFlask, ask: Ask, eve: Json) -> None:
    key = ask("POST", "keys", {"name": f"k {uuid4().hex[:6]}", "role": "responder", "days": 1}, status=201)["key"]
    for method, body in (("PUT", {"pin": PIN}), ("DELETE", None)):
        address = f"/api/v1/members/{eve['id']}/pin"
        answer = application.test_client().open(address, method=method, json=body, headers={"X-API-Key": key})
        assert answer.status_code == 403
    ask("PUT", "members/nobody/pin", {"pin": PIN}, status=404)
    ask("DELETE", "members/nobody/pin", status=404)


def test_it_goes_with_whoever_is_removed(ask: Ask, pins_kept: Callable[[], int]) -> None:
    gone = ask("POST", "members", {"name": f"Mo {uuid4().hex[:6]}"}, status=201)
    ask("PUT", f"members/{gone['id']}/pin", {"pin": PIN})
    ask("DELETE", f"members/{gone['id']}")
    assert pins_kept() == 0


def test_it_is_not_exported(ask: Ask, eve: Json, database: Database) -> None:
    ask("PUT", f"members/{eve['id']}/pin", {"pin": PIN})
    with database.begin() as session:
        (row,) = (
            each["row"] for each in tenants.export(session, tenants.all_of(session)[0]) if each["table"] == "pins"
        )
    assert "digest" not in row
