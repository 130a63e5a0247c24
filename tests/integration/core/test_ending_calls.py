"""A call about several incidents ends with the last of them, however often each of them was taken and given away."""

from incidents import lifecycle
from incidents.models import Incident
from incidents.words import Severity
from tests.integration.core.world import ANA, BEA, World


def taken(world: World, incident: Incident) -> None:
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.run_due()


def test_what_was_taken_given_away_and_taken_again_keeps_no_phone_ringing(world: World) -> None:
    world.hold()
    first, second = world.triaged(Severity.HIGH), world.triaged(Severity.HIGH)
    assert [call.to for call in world.phone.placed] == [BEA.phone], "one call for both"
    taken(world, first)
    assert world.phone.placed[0].status == "queued", "it is about the second one still"
    world.act(first, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
    taken(world, second)
    taken(world, first)
    assert {call.status for call in world.phone.placed} == {"completed"}
