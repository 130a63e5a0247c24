"""Who is on call, in which order, and who cannot be."""

from collections.abc import Sequence

import pytest

from incidents.errors import IncidentError
from incidents.people import Contact, on_call, put_on_call
from tests.integration.core.world import World

BEA = Contact("Bea", "+12025550111", "U0BEA")
DEE = Contact("Dee", "+12025550113")


def put(world: World, *people: Contact) -> None:
    with world.store.begin() as tx:
        put_on_call(tx, people)


def names(world: World) -> Sequence[str]:
    with world.store.begin() as tx:
        return [person.name for person in on_call(tx)]


def test_these_people_are_on_call_in_this_order_and_nobody_else(world: World) -> None:
    put(world, DEE, BEA)
    assert names(world) == ["Dee", "Bea"]
    put(world, BEA)
    assert names(world) == ["Bea"]


@pytest.mark.parametrize(
    ("people", "says"),
    [
        ([BEA, Contact("Cy", "0800")], "0800 is no phone number"),
        ([BEA, Contact("Bea", "+12025550112")], "Two people of one name"),
    ],
)
def test_who_cannot_be_on_call_changes_nothing(world: World, people: list[Contact], says: str) -> None:
    with pytest.raises(IncidentError, match=says):
        put(world, *people)
    assert names(world) == ["Bea", "Cy"]
