"""Several incidents for one person: one call, which the later ones join, and nobody waits for a call that is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from incidents import lifecycle, lines, notifying, timeline
from incidents.errors import PermanentError
from incidents.models import Call, Incident, Member
from incidents.terms import JobKind
from incidents.words import Severity
from tests.integration.core.world import BEA, CY, KilledError, World, in_parallel, until_somebody_waits_for_a_lock


def urgent(world: World, count: int = 1) -> list[Incident]:
    return [world.reported(severity=Severity.HIGH) for _ in range(count)]


def sids(world: World, incident: Incident) -> list[object]:
    with world.store.begin() as tx:
        return [line.details["call"] for line in timeline.read(tx, incident) if line.kind == "paged"]


def test_what_is_due_while_the_phone_rings_joins_that_call(world: World) -> None:
    world.hold()
    incidents = urgent(world, 5)
    world.run_due()
    (call,) = world.phone.placed
    assert [sids(world, incident) for incident in incidents] == [[call.sid]] * 5
    assert [world.pages(incident)[0].said for incident in incidents].count(1) == 1
    assert all(len(world.jobs(incident, JobKind.PAGE)) == 2 for incident in incidents), "each owes its next call"


def test_of_many_pages_at_the_same_moment_one_call_is_placed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PLACED_WITHIN", timedelta(minutes=1))  # However busy this machine is.
    incidents = urgent(world, 12)
    jobs = [world.job(incident, JobKind.PAGE) for incident in incidents]
    in_parallel(lambda number: world.run(jobs[number]), threads=12)
    for _ in range(5):
        world.jump(1)
        for incident in incidents:
            world.run(world.job(incident, JobKind.PAGE, "1:0"))
    assert len(world.phone.placed) == 1
    assert all(sids(world, incident) == [world.phone.placed[0].sid] for incident in incidents)


def test_an_hour_without_an_answer_calls_each_step_once_for_all(world: World) -> None:
    """Each call is over when the next one is due, so that each rung of the ladder is one call for all of them."""
    world.hold()
    incidents = urgent(world, 3)
    world.pass_time(3600)
    assert len(world.phone.placed) == 12
    for incident in incidents:
        assert [page.rung for page in world.pages(incident)] == list(range(12))
        assert world.told(incident).count("nobody_answered") == 1


def test_a_call_that_rang_out_is_not_joined(world: World) -> None:
    world.hold()
    urgent(world)
    world.run_due()
    world.nobody_talks()
    urgent(world)
    world.run_due()
    assert len(world.phone.placed) == 2


@pytest.mark.parametrize(("answered", "seconds"), [(False, 45), (True, 120)])
def test_a_call_whose_end_we_never_heard_keeps_nobody_waiting(world: World, answered: bool, seconds: int) -> None:
    world.hold()
    (first,) = urgent(world)
    world.run_due()
    if answered:
        world.act(first, lambda tx, _: setattr(tx.session.query(Call).one(), "answered_at", tx.now))
    world.act(first, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    world.jump(seconds - 1)
    (second,) = urgent(world)
    world.run(world.job(second, JobKind.PAGE))
    assert len(world.phone.placed) == 1
    world.jump(1)
    (third,) = urgent(world)
    world.run(world.job(third, JobKind.PAGE))
    assert len(world.phone.placed) == 2


def test_the_call_goes_on_until_the_last_of_its_incidents_is_taken(world: World) -> None:
    first, second = urgent(world, 2)
    world.run_due()
    world.act(first, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    world.run_due()
    assert [call.status for call in world.phone.placed] == ["queued"]
    world.act(second, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    world.run_due()
    assert [call.status for call in world.phone.placed] == ["completed"]


def test_a_call_that_is_being_hung_up_is_not_joined_and_not_waited_for_long(world: World) -> None:
    world.hold()
    (first,) = urgent(world)
    world.run_due()
    world.act(first, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    world.run_due()
    (second,) = urgent(world)
    world.run_due()
    assert len(world.phone.placed) == 1, "the line is busy for a moment"
    world.pass_time(3)
    assert len(world.phone.placed) == 2
    assert sids(world, second) == [world.phone.placed[1].sid]


def test_while_a_call_is_being_placed_the_next_one_waits_a_second_and_joins(world: World) -> None:
    world.hold()
    first, second = urgent(world, 2)
    place = world.phone.call

    def meanwhile(**to: object) -> str:
        world.run(world.job(second, JobKind.PAGE))
        assert len(world.pages(second)) == 0
        return place(**to)  # type: ignore[arg-type]  # It is passed on as it came.

    world.phone.call = meanwhile  # type: ignore[method-assign]  # The world moves on during the call.
    world.run(world.job(first, JobKind.PAGE))
    world.pass_time(1)
    assert sids(world, first) == sids(world, second) == [world.phone.placed[0].sid]
    assert len(world.phone.placed) == 1


def test_a_worker_that_died_while_placing_a_call_holds_up_no_other_page(world: World) -> None:
    world.hold()
    first, second = urgent(world, 2)
    world.phone.fail(KilledError("died"), method="call")
    with pytest.raises(KilledError):
        world.run(world.job(first, JobKind.PAGE))
    assert world.run(world.job(second, JobKind.PAGE))
    assert world.phone.placed == [], "it may be placed at this moment"
    with world.store.begin() as tx:
        for call in tx.session.scalars(tx.select(Call)):
            call.placed_real -= timedelta(seconds=3)
    world.pass_time(1)
    assert sids(world, second) == [world.phone.placed[0].sid]


def test_a_call_that_was_refused_is_nobodys_line(world: World) -> None:
    world.hold()
    first, second = urgent(world, 2)
    world.phone.fail(PermanentError("no such number"), method="call")
    world.run(world.job(first, JobKind.PAGE))
    world.run(world.job(second, JobKind.PAGE))
    assert [call.to for call in world.phone.placed] == [BEA.phone]


def test_a_call_asked_for_by_hand_waits_until_the_phone_is_free(world: World) -> None:
    world.hold()
    (first,) = urgent(world)
    world.run_due()
    world.act(
        first,
        lambda tx, row: notifying.notify(tx, row, phone=str(BEA.phone), message="Look", severity=None, key="k", by=CY),
    )
    world.run_due()
    assert len(world.phone.placed) == 1
    world.nobody_talks()
    world.pass_time(3)
    assert len(world.phone.placed) == 2


def test_who_got_another_number_at_this_moment_is_called_by_the_new_one(world: World) -> None:
    """The worker has read whom to call, and waits for the person's line while somebody changes the number."""
    (incident,) = urgent(world)
    job = world.job(incident, JobKind.PAGE)
    with ThreadPoolExecutor(1) as pool:
        with world.database.begin() as session:
            session.execute(update(Member).where(Member.name == "Bea").values(phone="+12025550119"))
            page = pool.submit(world.run, job)
            until_somebody_waits_for_a_lock(world.database)
        page.result()
    assert world.phone.placed == []
    world.jump(2)
    world.run(job)
    assert [call.to for call in world.phone.placed] == ["+12025550119"]
