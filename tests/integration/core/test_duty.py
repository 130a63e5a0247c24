"""Schedules in use: kept, overridden and swapped by people, and asked by paging at the moment of the call."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from incidents import duty, findings, lifecycle, members, people
from incidents.errors import IncidentError, NotFound, TemporaryError
from incidents.findings import Kind
from incidents.models import Incident, Organization, ScheduleRow
from incidents.people import Contact, put_on_call
from incidents.policy import DEFAULT_POLICY
from incidents.roles import Role
from incidents.schedules import Layer, Rotation, Unit, Window
from incidents.terms import JobKind
from incidents.words import Severity
from tests.core_fakes import judged
from tests.integration.core.world import ANA, World, until_somebody_waits_for_a_lock

DAY = timedelta(days=1)
BEA, CY = "+12025550111", "+12025550112"
START = datetime.fromisoformat("2026-01-05 09:00")
"""A Monday, long before the clock of these tests."""


def rota(world: World, name: str = "Primary", *, every: Unit = Unit.DAY, windows: Sequence[Window] = ()) -> ScheduleRow:
    """Bea and Cy by turns, in UTC."""
    with world.store.begin() as tx:
        both = tuple(people.named(tx, who).id for who in ("Bea", "Cy"))
        layer = Layer(both, Rotation(START, every), tuple(windows))
        return duty.make(tx, name=name, zone="UTC", layers_=[layer])


def policy(world: World, *steps: dict[str, Any], repeat: int = 0) -> None:
    """What is opened from now on is paged like that."""
    usual = {"calls": 1, "every": 60, "wait": 120}
    with world.database.begin() as session:
        organization = session.get_one(Organization, world.store.organization)
        organization.policy = {**DEFAULT_POLICY, "steps": [{**usual, **step} for step in steps], "repeat": repeat}


def on_duty(world: World, row: ScheduleRow, *, at: datetime) -> str | None:
    with world.store.begin() as tx:
        person = duty.loaded(tx, row, since=at).on(at)
        return None if person is None else people.known(tx, person).name


def morning(world: World) -> datetime:
    """Nine o'clock, when Bea and Cy hand over, of a day to come on which Bea begins."""
    first = world.now().astimezone(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + 2 * DAY
    return first if (first.replace(tzinfo=None) - START).days % 2 == 0 else first + DAY


def test_an_override_covers_a_shift_and_swapping_exchanges_two(world: World) -> None:
    row, bea = rota(world), morning(world)
    cy = bea + DAY
    with world.store.begin() as tx:
        duty.override(tx, row, person=people.named(tx, "Cy"), begins=bea, ends=bea + timedelta(hours=2), by="Ana")
    assert [on_duty(world, row, at=bea + timedelta(hours=hours)) for hours in (1, 3)] == ["Cy", "Bea"]
    with world.store.begin() as tx:
        duty.swap(tx, row, one=bea + 2 * DAY, other=cy, by="Bea")
    assert [on_duty(world, row, at=at) for at in (cy, bea + 2 * DAY, cy + 2 * DAY)] == ["Bea", "Cy", "Cy"]


def test_somebody_takes_a_shift(world: World) -> None:
    row, bea = rota(world), morning(world)
    with world.store.begin() as tx:
        taken = duty.take_over(tx, row, person=people.named(tx, "Cy"), at=bea + timedelta(hours=5), by="Cy")
    assert (taken.begins, taken.ends) == (bea, bea + DAY)
    assert on_duty(world, row, at=bea + timedelta(hours=23)) == "Cy"
    with world.store.begin() as tx, pytest.raises(IncidentError, match="Cy has that shift already"):
        duty.take_over(tx, row, person=people.named(tx, "Cy"), at=bea, by="Cy")


def test_a_shift_that_has_begun_is_taken_from_now_on(world: World) -> None:
    row, now = rota(world), world.hold()
    with world.store.begin() as tx:
        present = duty.duty(tx, row)
        assert present.now is not None
        assert present.next is not None
        taken = duty.take_over(tx, row, person=present.next, at=now, by="Ana")
        after = duty.duty(tx, row)
    assert (taken.begins, taken.ends) == (now, present.until)
    assert after.now == present.next


def test_who_is_next_after_a_gap(world: World) -> None:
    """Bea and Cy by turns, but only on Wednesdays from nine to ten."""
    row = rota(world, every=Unit.WEEK, windows=[Window(frozenset({2}), time(9), time(10))])
    bea = world.now() + timedelta(days=(1 - world.now().weekday()) % 7)
    world.jump((bea - world.now()).total_seconds())  # Tuesday.
    with world.store.begin() as tx:
        told = duty.duty(tx, row)
    assert told.now is None
    assert told.until == told.next_from
    assert told.next is not None
    assert told.next_from is not None
    assert (told.next_from.weekday(), told.next_from.hour) == (2, 9)


@pytest.mark.parametrize(
    ("begins", "ends", "says"),
    [(2, 2, "ends after it begins"), (-3, -1, "is over changes nothing"), (1, 400 * 24, "a year at most")],
)
def test_an_override_that_makes_no_sense(world: World, begins: int, ends: int, says: str) -> None:
    row, hour = rota(world), timedelta(hours=1)
    with world.store.begin() as tx:
        person = people.named(tx, "Cy")
        with pytest.raises(IncidentError, match=says):
            duty.override(tx, row, person=person, begins=tx.now + begins * hour, ends=tx.now + ends * hour, by="Ana")


def test_a_schedule_that_cannot_be(world: World) -> None:
    rota(world)
    with world.store.begin() as tx:
        for wrong, says in ((("primary", "UTC"), "already"), (("Nights", "Berlin"), "no time zone")):
            with pytest.raises(IncidentError, match=says):
                duty.make(tx, name=wrong[0], zone=wrong[1], layers_=[])
        with pytest.raises(NotFound, match="no schedule 'Nights'"):
            duty.find(tx, "Nights")


def called(world: World) -> list[str]:
    return [call.to for call in world.phone.placed]


def test_a_step_calls_whoever_is_on_call_at_that_moment(world: World) -> None:
    row = rota(world)
    policy(world, {"to": {"schedule": str(row.id)}}, {"to": {"person": str(_person(world, "Bea"))}})
    bea = morning(world)
    world.hold()
    world.jump((bea - world.now()).total_seconds())
    opened(world)
    world.pass_time(60)
    assert called(world) == [BEA]
    world.nobody_talks()
    world.jump((bea + DAY - world.now()).total_seconds())
    opened(world)
    world.run_due()
    assert called(world)[-1] == CY


def test_a_step_that_has_nobody_is_passed_over_at_once(world: World) -> None:
    never = rota(world, windows=[Window(frozenset({0}), time(0), time(0, 1))])
    policy(world, {"to": {"schedule": str(never.id)}}, {"to": {"person": str(_person(world, "Cy"))}})
    world.hold()
    tuesday = timedelta(days=(1 - world.now().weekday()) % 7)
    world.jump(tuesday.total_seconds())
    incident = opened(world)
    world.run_due()
    assert called(world) == [CY]
    assert "page_not_made" in world.told(incident)


def test_when_no_step_has_anybody_the_ladder_is_climbed_in_its_time(world: World) -> None:
    """Somebody may come on call meanwhile: a gap of a minute must not end the paging."""
    row = rota(world, every=Unit.WEEK, windows=[Window(frozenset(range(7)), time(9, 1), time(9))])
    policy(world, {"to": {"schedule": str(row.id)}}, repeat=2)
    world.hold()
    world.jump((morning(world) + timedelta(seconds=30) - world.now()).total_seconds())
    incident = opened(world)
    world.run_due()
    assert called(world) == []
    assert any("nobody is on call in Primary" in note for note in world.notes())
    world.pass_time(120)
    assert len(called(world)) == 1
    assert JobKind.TELL_EVERYBODY not in {job.kind for job in world.jobs(incident) if job.done_at is not None}


def test_everybody_is_told_in_the_end_where_nobody_ever_comes(world: World) -> None:
    policy(world, {"to": {"schedule": str(nobody(world).id)}}, repeat=1)
    world.hold()
    incident = opened(world)
    world.pass_time(239)
    assert JobKind.TELL_EVERYBODY in world.waiting(incident)
    world.pass_time(1)
    assert world.job(incident, JobKind.TELL_EVERYBODY).outcome == "done"
    assert called(world) == []


def nobody(world: World) -> ScheduleRow:
    with world.store.begin() as tx:
        return duty.make(tx, name="Nobody's", zone="UTC", layers_=[])


def person(world: World, name: str) -> dict[str, Any]:
    return {"to": {"person": str(_person(world, name))}}


def test_a_call_that_is_still_tried_goes_on_when_a_later_step_is_passed_over(world: World) -> None:
    policy(world, person(world, "Bea"), {"to": {"schedule": str(nobody(world).id)}}, person(world, "Cy"))
    world.hold()
    world.phone.fail(TemporaryError("it is away", happened=False), times=1000)
    opened(world)
    world.pass_time(130)
    assert called(world) == []
    world.phone.works_again()
    world.pass_time(30)
    assert sorted(called(world)) == [BEA, CY]


def test_triage_ends_paging_that_passed_a_step_over(world: World) -> None:
    policy(world, {"to": {"schedule": str(nobody(world).id)}}, person(world, "Cy"))
    world.hold()
    world.triager.fail(TemporaryError("it is away", retry_after=timedelta(seconds=40)))
    world.triager.verdict = judged(severity=Severity.LOW)
    incident = world.reported()
    world.pass_time(31)
    assert called(world) == [CY]
    world.nobody_talks()
    world.pass_time(10)
    assert world.fresh(incident).severity is Severity.LOW
    assert JobKind.PAGE not in world.waiting(incident)


def test_an_incident_whose_schedule_was_removed_calls_the_list(world: World) -> None:
    row = nobody(world)
    policy(world, {"to": {"schedule": str(row.id)}})
    world.hold()
    opened(world)
    policy(world, {})
    with world.store.begin() as tx:
        duty.remove(tx, duty.find(tx, str(row.id)))
    world.run_due()
    assert called(world) == [BEA]


def test_escalating_where_everybody_was_told_tells_them_once_more(world: World) -> None:
    policy(world, {"to": {"schedule": str(nobody(world).id)}})
    world.hold()
    incident = opened(world)
    world.pass_time(120)
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=ANA))
    assert world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=ANA)) is None
    assert JobKind.TELL_EVERYBODY in world.waiting(incident)
    world.run_due()
    assert [job.outcome for job in world.jobs(incident, JobKind.TELL_EVERYBODY)] == ["done", "done"]


def test_an_empty_list_is_passed_over_for_a_step_that_has_somebody(world: World) -> None:
    with world.store.begin() as tx:
        put_on_call(tx, [Contact("Eve", "+12025550177")])
    with world.store.begin() as tx:
        eve = people.named(tx, "Eve")
        put_on_call(tx, [])
    policy(world, {}, {"to": {"person": str(eve.id)}})
    world.hold()
    opened(world)
    world.run_due()
    assert called(world) == ["+12025550177"]


def test_a_person_without_a_phone_is_passed_over(world: World) -> None:
    with world.store.begin() as tx:
        put_on_call(tx, [Contact("Bea"), Contact("Cy", CY)])
    policy(world, {"to": {"person": str(_person(world, "Bea"))}}, {"to": {"person": str(_person(world, "Cy"))}})
    world.hold()
    opened(world)
    world.run_due()
    assert called(world) == [CY]


def opened(world: World) -> Incident:
    return world.reported(severity=Severity.HIGH)


def _person(world: World, name: str) -> Any:
    with world.store.begin() as tx:
        return people.named(tx, name).id


def test_a_zone_that_is_known_no_more_leaves_the_list_to_be_called(world: World) -> None:
    """And the audit tells of it; whoever looks at the schedule sees nobody, and no error."""
    row = rota(world)
    policy(world, {"to": {"schedule": str(row.id)}})
    with world.database.begin() as session:
        session.execute(text("UPDATE schedules SET zone = 'Mars/Olympus'"))
    with world.store.begin() as tx:
        put_on_call(tx, [Contact("Cy", CY, "U0CY")])
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    assert [call.to for call in world.phone.placed] == [CY]
    with world.database.begin() as session:
        [lost] = [each for each in findings.find(session) if each.kind is Kind.ZONE_UNKNOWN]
    assert (lost.count, lost.example) == (1, "Mars/Olympus")
    with world.store.begin() as tx:
        assert duty.duty(tx, tx.get(ScheduleRow, row.id)).now is None


def test_nobody_is_removed_while_somebody_puts_them_on_call(world: World) -> None:
    """Whoever comes second sees what the first one did."""
    row = rota(world)
    with world.store.begin() as tx:
        hal = members.invite(tx, Contact("Hal", "+12025550188"), role=Role.RESPONDER)

    def remove() -> None:
        with world.store.begin() as tx:
            members.remove(tx, people.named(tx, "Hal"))

    with ThreadPoolExecutor(1) as pool:
        with world.store.begin() as tx:
            schedule = tx.get(ScheduleRow, row.id, lock=True)
            duty.override(tx, schedule, person=hal, begins=tx.now, ends=tx.now + DAY, by="Ana")
            removing = pool.submit(remove)
            until_somebody_waits_for_a_lock(world.database)
        with pytest.raises(IncidentError, match="the schedule Primary"):
            removing.result()


def test_nobody_is_put_on_call_while_somebody_removes_them(world: World) -> None:
    row = rota(world)
    with world.store.begin() as tx:
        hal = members.invite(tx, Contact("Hal", "+12025550188"), role=Role.RESPONDER)

    def override() -> None:
        with world.store.begin() as tx:
            schedule = tx.get(ScheduleRow, row.id, lock=True)
            duty.override(tx, schedule, person=hal, begins=tx.now, ends=tx.now + DAY, by="Ana")

    with ThreadPoolExecutor(1) as pool:
        with world.store.begin() as tx:
            members.remove(tx, hal)
            overriding = pool.submit(override)
            until_somebody_waits_for_a_lock(world.database)
        with pytest.raises(NotFound):
            overriding.result()
