"""The paging preview is what then happens, to the second, with the clock held."""

from datetime import UTC, datetime, time

import pytest

from incidents import duty, members, people, preview, turns
from incidents.people import Contact
from incidents.policy import DEFAULT_POLICY, Policy
from incidents.preview import Preview
from incidents.roles import Role
from incidents.schedules import Layer, Rotation, Unit, Window
from incidents.terms import JobKind
from incidents.words import Severity
from tests.integration.core.test_duty import policy
from tests.integration.core.world import World

OPENED = datetime(2026, 3, 4, 16, 58, tzinfo=UTC)


@pytest.fixture
def paged(world: World) -> World:
    """Three steps: the office until five, somebody without a phone, Cy. It is two minutes to five."""
    with world.store.begin() as tx:
        bea, without = people.named(tx, "Bea"), members.invite(tx, Contact("Dee"), role=Role.RESPONDER)
        starts = datetime.fromisoformat("2026-01-05 00:00")
        office = Window(frozenset(range(5)), time(9), time(17))
        layer = Layer((bea.id,), Rotation(starts, Unit.WEEK), (office,))
        schedule = duty.make(tx, name="Office", zone="UTC", layers_=[layer])
        cy = people.named(tx, "Cy")
    policy(
        world,
        {"to": {"schedule": str(schedule.id)}, "calls": 2, "every": 50, "wait": 130},
        {"to": {"person": str(without.id)}, "calls": 2, "every": 60, "wait": 90},
        {"to": {"person": str(cy.id)}, "calls": 1, "every": 60, "wait": 75},
        repeat=1,
    )
    world.hold()
    world.jump((OPENED - world.now()).total_seconds())
    return world


def foreseen(world: World, severity: Severity) -> Preview:
    with world.store.begin() as tx:
        return preview.preview(tx, Policy.of(tx.own.policy), severity=severity, opened=tx.now)


def played(world: World, severity: Severity) -> tuple[list[tuple[float, str]], float]:
    """Seconds from the report and number of each call that was placed, and seconds until everybody was told."""
    opened = world.now()
    incident = world.triaged(severity, reported=severity)
    while not (told := world.jobs(incident, JobKind.TELL_EVERYBODY)) or told[0].done_at is None:
        world.nobody_talks()
        world.pass_time(1)
    calls = [((call.placed_at - opened).total_seconds(), call.to) for call in world.calls(incident)]
    at = told[-1].done_at
    assert at is not None
    return calls, (at - opened).total_seconds()


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.MEDIUM])
def test_the_ledger_is_the_preview(paged: World, severity: Severity) -> None:
    expected = foreseen(paged, severity)
    calls, told = played(paged, severity)
    assert expected.told_at is not None
    opened = OPENED
    assert calls == [
        ((each.at - opened).total_seconds(), each.responder.phone)
        for each in expected.calls
        if each.responder is not None
    ]
    assert told == (expected.told_at - opened).total_seconds()
    late = 30 if severity is Severity.MEDIUM else 0
    # At five the office closes, and nobody waits for somebody who has no phone.
    assert [(round(after), to[-1]) for after, to in calls] == [
        (late, "1"),
        (late + 50, "1"),
        (late + 130, "2"),
        (late + 205, "2"),
    ]
    assert {each.trouble for each in expected.calls} == {None, "nobody is on call in Office", "Dee has no phone number"}


def test_low_calls_nobody(paged: World) -> None:
    assert foreseen(paged, Severity.LOW) == Preview((), None)


def test_without_targets_it_is_the_list(world: World) -> None:
    world.hold()
    with world.store.begin() as tx:
        expected = preview.preview(tx, Policy.of(DEFAULT_POLICY), severity=Severity.HIGH, opened=tx.now)
        named = [
            turns.responder_of(tx, Policy.of(DEFAULT_POLICY), rung, turns.when(tx, Severity.HIGH)) for rung in range(12)
        ]
    assert [each.responder for each in expected.calls] == named
    opened = world.now()
    calls, told = played(world, Severity.HIGH)
    assert [after for after, _ in calls] == [(each.at - opened).total_seconds() for each in expected.calls]
    assert told == 720


def test_a_list_without_phones_says_so(world: World) -> None:
    world.without_phones()
    expected = foreseen(world, Severity.HIGH)
    assert {each.trouble for each in expected.calls} == {"Bea has no phone number; Cy has no phone number"}
    assert len(expected.calls) == 12
