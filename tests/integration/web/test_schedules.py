"""Schedules over REST: made, read as shifts with gaps, overridden, taken, swapped, removed; and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from incidents.models import Organization
from incidents.policy import DEFAULT_POLICY
from incidents.store import Database
from tests.integration.web.conftest import DAILY, Ask, Json

OFFICE = {"weekdays": ["Monday", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}


def people_of(shifts: Json) -> list[str | None]:
    return [shift["person"]["name"] if shift["person"] else None for shift in shifts["shifts"]]


def test_who_is_on_call_when(ask: Ask, rota: str) -> None:
    shifts = ask("GET", f"schedules/{rota}/shifts?since=2026-03-27T12:00:00Z&until=2026-03-30T12:00:00Z")
    assert people_of(shifts) == ["Cy", "Bea", "Cy", "Bea"]
    # Clocks are set forward on the 29th, and nine in Berlin is an hour earlier from then on.
    assert [shift["begins"][8:16] for shift in shifts["shifts"]] == ["27T12:00", "28T08:00", "29T07:00", "30T07:00"]
    assert shifts["gaps"] == 0


def test_a_schedule_is_read_as_it_was_written(ask: Ask, rota: str) -> None:
    layer = {**DAILY, "windows": [OFFICE], "ends": "2027-01-01T00:00:00"}
    changed = ask("PUT", f"schedules/{rota}", {"name": rota, "zone": "America/New_York", "layers": [DAILY, layer]})
    assert ask("GET", f"schedules/{changed['id']}") == changed
    assert changed["zone"] == "America/New_York"
    assert changed["layers"][1]["windows"] == [
        {"weekdays": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00:00", "to": "17:00:00"}
    ]
    assert [person["name"] for person in changed["layers"][1]["people"]] == ["Bea", "Cy"]
    assert changed in ask("GET", "schedules")["schedules"]


def test_gaps_are_told(ask: Ask, rota: str) -> None:
    ask("PUT", f"schedules/{rota}", {"name": rota, "zone": "Europe/Berlin", "layers": [{**DAILY, "windows": [OFFICE]}]})
    shifts = ask("GET", f"schedules/{rota}/shifts?since=2026-03-06T12:00:00Z&until=2026-03-09T12:00:00Z")
    assert people_of(shifts) == ["Bea", None, "Cy"]
    assert [shift["begins"] for shift in shifts["shifts"][1:]] == ["2026-03-06T16:00:00Z", "2026-03-09T08:00:00Z"]
    assert shifts["gaps"] == 1


def test_a_shift_is_taken_and_given_back(ask: Ask, rota: str) -> None:
    """Whoever is on call now gives the rest of the shift to the other one."""
    before = ask("GET", f"schedules/{rota}")["on_call"]
    taken = ask("POST", f"schedules/{rota}/take", {"person": before["next"]["name"], "by": "Ana"}, status=201)
    assert taken["made_by"] == "Ana"
    assert taken["ends"] == before["until"]
    assert ask("GET", f"schedules/{rota}")["on_call"]["now"] == before["next"]
    assert ask("GET", f"schedules/{rota}/overrides")["overrides"] == [taken]
    ask("DELETE", f"schedules/{rota}/overrides/{taken['id']}", status=204)
    assert ask("GET", f"schedules/{rota}")["on_call"]["now"] == before["now"]
    ask("DELETE", f"schedules/{rota}/overrides/{taken['id']}", status=404)


def test_who_is_on_call_now(ask: Ask, rota: str) -> None:
    told = ask("GET", "oncall")
    mine = next(each for each in told["schedules"] if each["name"] == rota)
    assert {mine["now"]["name"], mine["next"]["name"]} == {"Bea", "Cy"}
    assert mine["until"] == mine["next_from"]
    assert [person["name"] for person in told["people"]] == ["Bea", "Cy"]


def test_two_shifts_are_swapped_and_a_night_is_covered(ask: Ask, rota: str) -> None:
    day = (datetime.now(UTC) + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
    one, other = day.isoformat(), (day + timedelta(days=1)).isoformat()
    made = ask("POST", f"schedules/{rota}/swap", {"one": one, "other": other}, status=201)["overrides"]
    names = [each["person"]["name"] for each in made]
    assert sorted(names) == ["Bea", "Cy"]
    dee = ask("POST", "members", {"name": f"Dee {uuid4().hex[:6]}", "phone": "+12025550113"}, status=201)
    night = {"person": dee["id"], "begins": one, "ends": other}
    ask("POST", f"schedules/{rota}/overrides", night, status=201)
    until = (day + timedelta(days=2)).isoformat().replace("+", "%2B")
    shifts = ask("GET", f"schedules/{rota}/shifts?since={one.replace('+', '%2B')}&until={until}")
    assert people_of(shifts)[0] == dee["name"]


def wrong(**more: Any) -> Json:
    return {"name": f"w-{uuid4().hex[:8]}", "zone": "UTC", "layers": [{**DAILY, **more}]}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"name": "x", "zone": "Mars/Olympus", "layers": []}, "no time zone"),
        ({"name": " ", "zone": "UTC", "layers": []}, "a name has something"),
        (wrong(people=["Nobody at all"]), "no person 'Nobody at all'"),
        (wrong(starts="2026-01-05T09:00:00Z"), "without a zone"),
        (wrong(every={"unit": "day", "length": 0}), "greater than or equal to 1"),
        (wrong(every={"unit": "fortnight"}), "'hour', 'day' or 'week'"),
        (wrong(windows=[{"weekdays": ["someday"], "from": "09:00", "to": "10:00"}]), "'mon'"),
        (wrong(windows=[{"from": "25:00", "to": "10:00"}]), "from"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(client: FlaskClient, body: Json, says: str) -> None:
    answer = client.post("/api/v1/schedules", json=body)
    assert answer.status_code in (404, 422), answer.text
    assert says in answer.text


def test_a_name_is_used_once(ask: Ask, rota: str) -> None:
    assert (
        "already" in ask("POST", "schedules", {"name": rota.upper(), "zone": "UTC", "layers": []}, status=422)["detail"]
    )


@pytest.mark.parametrize("until", ["2026-03-01T00:00:00Z", "2029-01-01T00:00:00Z"])
def test_shifts_of_a_year_at_most(ask: Ask, rota: str, until: str) -> None:
    ask("GET", f"schedules/{rota}/shifts?since=2026-03-02T00:00:00Z&until={until}", status=422)


def test_a_schedule_that_nobody_made(ask: Ask) -> None:
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/shifts"), ("GET", "/overrides")):
        told = ask(method, f"schedules/nothing{path}", status=404)
        assert "GET /api/v1/schedules lists" in told["detail"]


def test_a_schedule_that_the_policy_calls_is_kept(ask: Ask, rota: str, database: Database) -> None:
    with database.begin() as session:
        organization = session.get_one(Organization, database.only_store().organization)
        step = {**DEFAULT_POLICY["steps"][0], "to": {"schedule": ask("GET", f"schedules/{rota}")["id"]}}
        organization.policy = {**DEFAULT_POLICY, "steps": [step]}
    told = ask("DELETE", f"schedules/{rota}", status=409)
    with database.begin() as session:
        session.get_one(Organization, database.only_store().organization).policy = DEFAULT_POLICY
    assert "is called by the policy. Change that first" in told["detail"]


@pytest.mark.parametrize("year", ["0001", "1969", "2200", "9999"])
def test_times_that_nobody_can_count_from_are_refused(client: FlaskClient, rota: str, year: str) -> None:
    """One override whose end PostgreSQL can keep and nobody can read would stop all paging in its schedule."""
    at = f"{year}-12-31T23:59:00-12:00"
    asked = at.replace("+", "%2B")
    for path in (f"schedules/{rota}/shifts?since={asked}", f"policies/default/preview?at={asked}"):
        assert client.get(f"/api/v1/{path}").status_code == 422, path
    person = {"person": "Cy"}
    for path, body in (
        ("overrides", {**person, "begins": f"{year}-12-31T10:00:00Z", "ends": at}),
        ("take", {**person, "at": at}),
        ("swap", {"one": at, "other": at}),
    ):
        assert client.post(f"/api/v1/schedules/{rota}/{path}", json=body).status_code == 422, path


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"name": "Ops/Primary", "zone": "UTC", "layers": []}, "no `/`"),
        ({"name": "x", "zone": "localtime", "layers": []}, "no time zone"),
        ({"name": "x", "zone": "UTC", "layers": [{**DAILY, "windows": [OFFICE] * 31}]}, "30 windows at most"),
        (wrong(windows=[{"weekdays": ["Monkey"], "from": "09:00", "to": "10:00"}]), "'mon'"),
    ],
)
def test_what_would_make_trouble_later_is_refused_now(client: FlaskClient, body: Json, says: str) -> None:
    answer = client.post("/api/v1/schedules", json=body)
    assert answer.status_code == 422, answer.text
    assert says in answer.text


def test_the_same_name_at_the_same_moment_is_made_once(client: FlaskClient, application: APIFlask, ask: Ask) -> None:
    name = f"twice-{uuid4().hex[:6]}"
    key = {"X-API-Key": client.environ_base["HTTP_X_API_KEY"]}

    def make(number: int) -> int:
        called = (name, name.upper())[number % 2]
        body = {"name": called, "zone": "UTC", "layers": []}
        return application.test_client().post("/api/v1/schedules", json=body, headers=key).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(make, range(6)))
    assert statuses == [201, 422, 422, 422, 422, 422]
    left = [each["id"] for each in ask("GET", "schedules")["schedules"] if each["name"].lower() == name]
    ask("DELETE", f"schedules/{left[0]}", status=204)


def test_the_report_of_a_shift(ask: Ask, rota: str) -> None:
    told = ask("GET", f"schedules/{rota}/report?at=2026-01-06T12:00:00Z")
    assert (told["person"]["name"], told["next"]["name"]) == ("Cy", "Bea")
    assert (told["begins"], told["ends"]) == ("2026-01-06T08:00:00Z", "2026-01-07T08:00:00Z")
    assert (told["calls"], told["opened"], told["acknowledged"], told["resolved"]) == (0, 0, 0, 0)
    assert told["acknowledged_after"] is None
    assert isinstance(told["open"], list)
    ask("GET", "schedules/nothing/report", status=404)


def test_hand_overs_are_told_in_a_channel(ask: Ask, rota: str) -> None:
    body = {"name": rota, "zone": "Europe/Berlin", "layers": [DAILY]}
    assert ask("GET", f"schedules/{rota}")["hand_over_channel"] is None
    assert ask("PUT", f"schedules/{rota}", {**body, "hand_over_channel": "C0TEAM"})["hand_over_channel"] == "C0TEAM"
    assert "hand_over_channel" in str(ask("PUT", f"schedules/{rota}", {**body, "hand_over_channel": "#t"}, status=422))
    assert ask("PUT", f"schedules/{rota}", body)["hand_over_channel"] is None
