"""Members: invited, changed, promoted, demoted and removed, and nobody who is to be called vanishes."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import text

from incidents import members, people
from incidents.errors import IncidentError
from incidents.people import Contact
from incidents.roles import Role
from incidents.store import Database
from tests.integration.web.conftest import Ask, Json


@pytest.fixture
def eve(ask: Ask) -> Json:
    """A responder who is nowhere on call."""
    return ask("POST", "members", {"name": f"Eve {uuid4().hex[:6]}", "phone": "+12025550177"}, status=201)


def names(ask: Ask) -> list[str]:
    return [each["name"] for each in ask("GET", "members")["members"]]


def test_invited_and_changed(ask: Ask) -> None:
    who = f"Eve {uuid4().hex[:6]}"
    eve = ask("POST", "members", {"name": who, "slack_user": f"U{uuid4().hex[:8].upper()}"}, status=201)
    assert (eve["phone"], eve["place"], eve["role"]) == (None, None, "responder")
    changed = ask("PUT", f"members/{eve['id']}", {"name": who, "phone": "+12025550177"})
    why = f"{who}'s number is not verified (POST /api/v1/members/…/phone/code)"
    assert changed == {**eve, "phone": "+12025550177", "slack_user": None, "not_called": why}
    assert changed in ask("GET", "members")["members"]
    assert "already" in ask("POST", "members", {"name": who}, status=422)["detail"]
    assert "no phone number" in ask("POST", "members", {"name": "Mo", "phone": "0800"}, status=422)["detail"]
    ask("PUT", "members/nobody", {"name": "Mo"}, status=404)
    assert "role" in ask("POST", "members", {"name": "Mo", "role": "boss"}, status=422)["detail"]


def test_promoted_demoted_and_removed(ask: Ask, eve: Json) -> None:
    other = ask("POST", "members", {"name": f"Mo {uuid4().hex[:6]}", "role": "admin"}, status=201)
    for role in ("admin", "admin", "viewer"):
        assert ask("PUT", f"members/{eve['id']}/role", {"role": role})["role"] == role
    left = ask("DELETE", f"members/{eve['id']}")["members"]
    assert eve["name"] not in [each["name"] for each in left]
    ask("DELETE", f"members/{eve['id']}", status=404)
    ask("POST", "members", {"name": eve["name"]}, status=201)  # The name is free again.
    assert "the last admin" in ask("DELETE", f"members/{other['id']}", status=409)["detail"]
    assert "the last admin" in ask("PUT", f"members/{other['id']}/role", {"role": "member"}, status=409)["detail"]


@pytest.fixture
def called(ask: Ask, rota: str, eve: Json, database: Database) -> Iterator[Json]:
    """Eve has an override to come, a layer of her own, and a step of the policy."""
    before = ask("GET", "policies/default")
    override = {"person": eve["id"], "begins": "2100-01-01T00:00:00Z", "ends": "2100-01-02T00:00:00Z"}
    ask("POST", f"schedules/{rota}/overrides", override, status=201)
    ask("PUT", "policies/default", {"steps": [{"to": {"person": eve["id"]}}]})
    yield {**eve, "where": f"the schedule {rota}, the policy"}
    with database.begin() as session:
        session.execute(text("DELETE FROM overrides WHERE responder_id = :id"), {"id": eve["id"]})
    kept = [{**step, "to": None} for step in before["steps"]]
    ask("PUT", "policies/default", {"steps": kept})


def test_who_is_to_be_called_is_not_removed(ask: Ask, called: Json) -> None:
    for told in (
        ask("DELETE", f"members/{called['id']}", status=409),
        ask("PUT", f"members/{called['id']}/role", {"role": "member"}, status=409),
    ):
        assert f"is to be called ({called['where']}). Put somebody else there" in told["detail"]
    assert ask("PUT", f"members/{called['id']}/role", {"role": "admin"})["role"] == "admin"
    assert "(the list, " in ask("DELETE", "members/Bea", status=409)["detail"]


def test_of_two_admins_who_remove_each_other_at_once_one_stays(database: Database) -> None:
    """The second waits for the first, and then sees that there is no other admin."""
    store = database.only_store()
    with store.begin() as tx:
        present = [each for each in people.everybody(tx) if each.role is Role.ADMIN]
        both = [members.invite(tx, Contact(f"A {uuid4().hex[:6]}"), role=Role.ADMIN) for _ in range(2)]
    for each in present:
        with store.begin() as tx:
            members.remove(tx, each)
    with store.begin() as one, store.begin() as other:
        members.remove(one, both[0])
        one.session.commit()
        with pytest.raises(IncidentError, match="the last admin"):
            members.remove(other, both[1])


def test_the_default_role_of_the_workspace(ask: Ask) -> None:
    own = ask("GET", "organizations")["organizations"][0]
    assert own["default_role"] == "responder"
    changed = ask("PUT", f"organizations/{own['id']}", {"name": own["name"], "default_role": None})
    assert changed == {**own, "default_role": None}
    assert ask("PUT", f"organizations/{own['name']}", {**own}) == own
    ask("PUT", f"organizations/{uuid4()}", {"name": "Mine"}, status=404)
    ask("PUT", f"organizations/{own['id']}", {"name": own["name"], "default_role": "boss"}, status=422)


def test_a_body_without_the_role_or_the_countries_leaves_them(ask: Ask) -> None:
    own = ask("GET", "organizations")["organizations"][0]
    ask("PUT", f"organizations/{own['id']}", {"name": own["name"], "default_role": "viewer"})
    changed = ask("PUT", f"organizations/{own['id']}", {"name": own["name"], "countries": ["US", "DE"]})
    assert (changed["default_role"], changed["countries"]) == ("viewer", ["DE", "US"])
    assert ask("PUT", f"organizations/{own['id']}", {**own}) == own


@pytest.mark.parametrize("code", ["UK", "us", "USA", ""])
def test_a_country_is_one(ask: Ask, code: str) -> None:
    own = ask("GET", "organizations")["organizations"][0]
    told = ask("PUT", f"organizations/{own['id']}", {"name": own["name"], "countries": [code]}, status=422)
    assert "ISO 3166" in told["detail"]


def test_nobody_on_call_loses_their_number_by_the_way(ask: Ask) -> None:
    own = ask("GET", "organizations")["organizations"][0]
    told = ask("PUT", f"organizations/{own['id']}", {"name": own["name"], "countries": ["DE"]}, status=409)
    assert "is to be called (the list)" in told["detail"]
    told = ask("PUT", "members/Bea", {"name": "Bea", "slack_user": "U0BEA"}, status=422)
    assert "Put somebody else there before Bea is without a number" in told["detail"]


def test_the_only_one_who_can_be_called_keeps_the_number_until_somebody_else_can(ask: Ask, database: Database) -> None:
    with database.only_store().begin() as tx:
        people.put_on_call(tx, [Contact("Bea", "+12025550111", "U0BEA")])
    changed = {"name": "Bea", "phone": "+12025550119", "slack_user": "U0BEA"}
    try:
        assert "is the only one on call" in ask("PUT", "members/Bea", changed, status=422)["detail"]
    finally:
        with database.only_store().begin() as tx:
            both = [Contact("Bea", "+12025550111", "U0BEA"), Contact("Cy", "+12025550112", "U0CY")]
            people.put_on_call(tx, both)


def test_who_was_removed_is_still_named_where_they_were_on_call(ask: Ask, rota: str, eve: Json) -> None:
    """A schedule shows shifts of the past too."""
    now = datetime.now(UTC)
    body = {"person": eve["id"], "begins": f"{now - timedelta(hours=2)}", "ends": f"{now + timedelta(seconds=1.2)}"}
    ask("POST", f"schedules/{rota}/overrides", body, status=201)
    time.sleep(1.5)
    ask("DELETE", f"members/{eve['id']}")
    since, until = now - timedelta(hours=3), now + timedelta(hours=1)
    query = urlencode({"since": since.isoformat(), "until": until.isoformat()})
    assert eve["name"] in str(ask("GET", f"schedules/{rota}/shifts?{query}"))


def test_the_preview_names_who_is_on_call_and_not_called(ask: Ask, database: Database) -> None:
    assert ask("GET", "policies/default/preview")["not_called"] == []
    with database.begin() as session:
        session.execute(text("UPDATE members SET phone_verified_at = NULL WHERE name = 'Cy'"))
    (told,) = ask("GET", "policies/default/preview")["not_called"]
    with database.begin() as session:
        session.execute(text("UPDATE members SET phone_verified_at = now() WHERE name = 'Cy'"))
    assert told.startswith("Cy's number is not verified")
