"""Nobody is paged on a number that is not verified, dear, or of another country: the next person is called at once."""

from typing import Any

import pytest
from sqlalchemy import update

from incidents import preview
from incidents.models import Member
from incidents.people import Contact, put_on_call
from incidents.policy import Policy
from incidents.words import Severity
from tests.integration.core.test_duty import _person, policy
from tests.integration.core.world import World

BEA, CY = "+12025550111", "+12025550112"


@pytest.mark.parametrize(
    ("bea", "says"),
    [
        ({"phone_verified_at": None}, "Bea's number is not verified (POST /api/v1/members/…/phone/code)"),
        ({"phone": "+19005550111"}, "+19005550111 is a premium number"),
        ({"phone": "+4915112345678"}, "+4915112345678 is in DE, and only US is called"),
        ({"phone": None}, "Bea has no phone number"),
    ],
)
def test_who_cannot_be_called_is_passed_over_and_the_preview_says_why(
    world: World, bea: dict[str, Any], says: str
) -> None:
    with world.database.begin() as session:
        session.execute(update(Member).where(Member.name == "Bea").values(**bea))
    steps = [{"to": {"person": str(_person(world, who))}, "calls": 1} for who in ("Bea", "Cy")]
    policy(world, *steps)
    with world.store.begin() as tx:
        expected = preview.preview(tx, Policy.of(tx.own.policy), severity=Severity.HIGH, opened=tx.now)
    assert says in (expected.calls[0].trouble or "")
    world.triaged(Severity.HIGH)
    assert {call.to for call in world.phone.placed} == {CY}


def test_the_list_says_who_of_it_cannot_be_called(world: World) -> None:
    with world.database.begin() as session:
        session.execute(update(Member).where(Member.name == "Bea").values(phone_verified_at=None))
        session.execute(update(Member).where(Member.name == "Cy").values(phone="+19005550111"))
    with world.store.begin() as tx:
        expected = preview.preview(tx, Policy.of(tx.own.policy), severity=Severity.HIGH, opened=tx.now)
    (trouble,) = {each.trouble or "" for each in expected.calls}
    assert trouble == (
        "Bea's number is not verified (POST /api/v1/members/…/phone/code); "
        "Cy: +19005550111 is a premium number, and those are not called"
    )


@pytest.mark.parametrize("gone", ["removed", "demoted"])
def test_an_incident_whose_policy_names_somebody_who_is_gone_calls_the_list(world: World, gone: str) -> None:
    """It keeps the policy that it was opened with, and was opened before."""
    with world.store.begin() as tx:
        put_on_call(tx, [Contact("Dee", "+12025550113"), Contact("Bea", BEA)])
        put_on_call(tx, [Contact("Bea", BEA)])
    policy(world, {"to": {"person": str(_person(world, "Dee"))}, "calls": 1})
    world.hold()
    incident = world.reported(severity=Severity.HIGH)
    with world.database.begin() as session:
        change = {"removed_at": world.now()} if gone == "removed" else {"role": "viewer"}
        session.execute(update(Member).where(Member.name == "Dee").values(**change))
    world.run_due()
    assert [call.to for call in world.phone.placed] == [BEA]
    assert world.fresh(incident).number == incident.number
