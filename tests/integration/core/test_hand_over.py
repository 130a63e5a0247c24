"""The report of a shift: what the person was called about, took and resolved; what goes on, and who is next."""

from datetime import datetime, timedelta

from incidents import duty, hand_over, lifecycle, people
from incidents.hand_over import Report
from incidents.models import ScheduleRow
from incidents.schedules import Layer, Rotation, Unit
from incidents.words import Severity
from tests.integration.core.world import BEA, CY, World


def daily(world: World) -> ScheduleRow:
    """Bea and Cy by days; it is ten in the morning of one of Bea's."""
    world.hold()
    with world.store.begin() as tx:
        both = tuple(people.named(tx, name).id for name in ("Bea", "Cy"))
        starts = (tx.now - timedelta(hours=1)).replace(tzinfo=None, microsecond=0)
        return duty.make(tx, name="Days", zone="UTC", layers_=[Layer(both, Rotation(starts, Unit.DAY))])


def report(world: World, row: ScheduleRow, *, at: datetime | None = None) -> Report:
    with world.store.begin() as tx:
        return hand_over.report(tx, tx.get(ScheduleRow, row.id), at=at or tx.now)


def test_what_the_person_did_and_what_goes_on(world: World) -> None:
    row = daily(world)
    taken, resolved, others = (world.triaged(Severity.HIGH, reported=Severity.HIGH) for _ in range(3))
    world.jump(40)
    world.act(taken, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.jump(20)
    world.act(resolved, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.act(resolved, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    world.act(others, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    found = report(world, row)
    assert found.person is not None
    assert found.next is not None
    assert (found.person.name, found.next.name) == ("Bea", "Cy")
    assert found.ends - found.begins == timedelta(days=1)
    assert (found.calls, found.opened, found.taken, found.resolved) == (1, 3, 2, 1)
    assert found.to_take == timedelta(seconds=50)
    assert {each.number for each in found.open} == {taken.number, others.number}


def test_another_shift_counts_its_own(world: World) -> None:
    row = daily(world)
    taken = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.jump(86_400)
    world.act(taken, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    today, yesterday = report(world, row), report(world, row, at=world.now() - timedelta(days=1))
    assert [each.person and each.person.name for each in (today, yesterday)] == ["Cy", "Bea"]
    assert [(each.calls, each.opened, each.taken) for each in (today, yesterday)] == [(0, 0, 1), (1, 1, 0)]
    assert today.to_take == timedelta(days=1)


def test_where_nobody_is_on_call_there_is_nothing_to_count(world: World) -> None:
    with world.store.begin() as tx:
        row = duty.make(tx, name="Empty", zone="UTC", layers_=[])
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    found = report(world, row)
    assert (found.person, found.next, found.calls, found.taken, found.to_take) == (None, None, 0, 0, None)
    assert found.opened == 1
