"""After an acknowledgement: a reminder to whoever has it, and people who are called again after too long a silence."""

from collections.abc import Callable

import pytest

from incidents import lifecycle
from incidents.models import Incident, Organization
from incidents.people import Actor
from incidents.policy import DEFAULT_POLICY
from incidents.terms import JobKind
from incidents.words import Severity, Status
from tests.core_fakes import judged
from tests.integration.core.world import BEA, CY, World

REMIND, AGAIN = 1800, 5400


@pytest.fixture
def world(world: World) -> World:
    """Half an hour to a reminder, an hour and a half until people are called again."""
    with world.database.begin() as session:
        policy = {**DEFAULT_POLICY, "remind_after": REMIND, "call_again_after": AGAIN}
        session.get_one(Organization, world.store.organization).policy = policy
    world.hold()
    return world


@pytest.fixture
def taken(world: World) -> Incident:
    """A HIGH incident that Bea has taken."""
    incident = world.triaged(Severity.HIGH)
    world.nobody_talks()
    _ack(world, incident, BEA)
    world.run_due()
    return incident


def _ack(world: World, incident: Incident, by: Actor) -> None:
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=by))


def after(world: World, seconds: float) -> None:
    world.jump(seconds)
    for _ in range(3):
        world.run_due()


def notes(world: World, says: str) -> list[str]:
    return [post.message.text for post in world.chat.posts if says in post.message.text]


def calls(world: World) -> int:
    return len(world.phone.placed)


def test_whoever_has_it_is_asked_each_half_hour(world: World, taken: Incident) -> None:
    after(world, REMIND - 1)
    assert notes(world, "Are you still on it") == []
    after(world, 1)
    (asked,) = notes(world, "Are you still on it")
    assert asked.startswith(f"<@U0BEA> you have had #{taken.number} for 30 minutes.")
    assert f"/incident ack {taken.number} says so" in asked
    after(world, REMIND)
    assert len(notes(world, "for 60 minutes")) == 1
    assert calls(world) == 1


def test_after_too_long_people_are_called_again_from_the_first_step(world: World, taken: Incident) -> None:
    after(world, REMIND)
    after(world, REMIND)
    after(world, REMIND)
    fresh = world.fresh(taken)
    assert (fresh.status, fresh.acknowledged_by) == (Status.OPEN, None)
    assert len(notes(world, "Bea has had this for 90 minutes and said nothing more. People are being called")) == 1
    assert calls(world) == 2
    assert world.told(taken).count("unacknowledged") == 1


def test_whoever_says_so_again_has_the_whole_time_anew(world: World, taken: Incident) -> None:
    after(world, AGAIN - 60)
    _ack(world, taken, BEA)
    after(world, 120)
    assert world.fresh(taken).status is Status.ACKNOWLEDGED
    after(world, REMIND - 121)
    asked = len(notes(world, "Are you still on it"))
    after(world, 1)
    assert len(notes(world, "Are you still on it")) == asked + 1
    after(world, AGAIN - REMIND)
    assert world.fresh(taken).status is Status.OPEN


def test_said_twice_in_one_moment_it_counts_once(world: World, taken: Incident) -> None:
    _ack(world, taken, BEA)
    _ack(world, taken, BEA)
    after(world, REMIND)
    assert len(notes(world, "Are you still on it")) == 1


def test_somebody_elses_word_changes_nothing(world: World, taken: Incident) -> None:
    after(world, AGAIN - 60)
    _ack(world, taken, CY)
    after(world, 60)
    assert world.fresh(taken).status is Status.OPEN


@pytest.mark.parametrize(
    "doing",
    [
        lambda tx, row: lifecycle.resolve(tx, row, by=BEA),
        lambda tx, row: lifecycle.escalate(tx, row, by=BEA),
    ],
    ids=["resolved", "passed on"],
)
def test_who_has_it_no_more_is_asked_nothing(world: World, taken: Incident, doing: Callable[..., object]) -> None:
    world.act(taken, doing)
    assert JobKind.FOLLOW_UP not in world.waiting(taken)
    after(world, REMIND)
    assert notes(world, "Are you still on it") == []


def test_what_pages_nobody_is_not_called_about_again(world: World) -> None:
    incident = world.triaged(Severity.LOW)
    _ack(world, incident, BEA)
    for _ in range(4):
        after(world, REMIND)
    assert world.fresh(incident).status is Status.ACKNOWLEDGED
    assert len(notes(world, "Are you still on it")) == 4
    assert calls(world) == 0


def test_without_a_word_in_the_policy_nothing_is_owed(world: World) -> None:
    with world.database.begin() as session:
        session.get_one(Organization, world.store.organization).policy = DEFAULT_POLICY
    incident = world.triaged(Severity.HIGH)
    _ack(world, incident, BEA)
    assert world.jobs(incident, JobKind.FOLLOW_UP) == []


def test_acknowledged_as_low_and_high_later_people_are_called_again(world: World) -> None:
    incident = world.reported(severity=Severity.LOW)
    _ack(world, incident, BEA)
    world.triager.verdict = judged(severity=Severity.HIGH)
    for _ in range(3):
        after(world, REMIND)
    assert world.fresh(incident).status is Status.OPEN
    assert calls(world) == 1


def test_reminders_that_were_missed_come_once(world: World, taken: Incident) -> None:
    with world.database.begin() as session:
        policy = {**DEFAULT_POLICY, "remind_after": 600}
        session.get_one(Incident, taken.id).policy = policy
    _ack(world, taken, BEA)
    after(world, 7300)
    assert len(notes(world, "for 122 minutes")) == len(notes(world, "Are you still on it")) == 1
    after(world, 500)
    assert len(notes(world, "for 130 minutes")) == 1
