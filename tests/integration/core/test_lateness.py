"""How late jobs were is counted once for each attempt, from due to begun and from due to done."""

from datetime import timedelta

from sqlalchemy import text

from incidents import lateness
from incidents.errors import TemporaryError
from incidents.lateness import BUCKETS, Series
from incidents.terms import JobKind
from incidents.words import Severity
from tests.integration.core.world import KilledError, World, in_parallel


def count(world: World) -> int:
    with world.database.begin() as session:
        return lateness.count_ended(session)


def series(world: World, kind: JobKind) -> dict[str, Series]:
    with world.database.begin() as session:
        return {each.stage: each for each in lateness.read(session) if each.kind == kind}


def test_a_job_that_was_begun_and_done_seven_seconds_late(world: World) -> None:
    world.hold()
    job = world.job(world.reported(), JobKind.TRIAGE)
    world.jump(7)
    world.run(job)
    count(world)
    for stage in ("begun", "done"):
        found = series(world, JobKind.TRIAGE)[stage]
        assert found.seconds == 7.0
        assert [n for n, number in enumerate(found.cells) if number] == [BUCKETS.index(10.0)]
        assert sum(found.cells) == 1


def test_an_attempt_is_counted_once_however_many_processes_count(world: World) -> None:
    world.triaged(Severity.LOW)
    attempts = sum(in_parallel(lambda _: count(world), threads=4))
    assert attempts > 4
    assert count(world) == 0
    assert sum(series(world, JobKind.OPEN_CHANNEL)["begun"].cells) == 1


def test_each_attempt_is_begun_and_the_last_one_done(world: World) -> None:
    world.hold()
    job = world.job(world.reported(), JobKind.TRIAGE)
    away = timedelta(seconds=2)
    world.triager.fail(TemporaryError("away", retry_after=away, happened=False), method="triage", times=2)
    for _ in range(3):
        world.run(job)
        world.jump(2)
    count(world)
    found = series(world, JobKind.TRIAGE)
    assert (sum(found["begun"].cells), sum(found["done"].cells)) == (3, 1)


def test_a_worker_that_died_has_done_nothing(world: World) -> None:
    job = world.job(world.reported(), JobKind.TRIAGE)
    world.triager.fail(KilledError(), method="triage")
    try:
        world.run(job)
    except KilledError:
        world.leases_lapse()
    world.run(job)
    count(world)
    found = series(world, JobKind.TRIAGE)
    assert (sum(found["begun"].cells), sum(found["done"].cells)) == (2, 1)


def test_what_was_counted_stays_counted_when_a_standing_job_is_owed_again(world: World) -> None:
    incident = world.triaged(Severity.LOW)
    count(world)
    before = sum(series(world, JobKind.UPDATE_CHANNEL)["done"].cells)
    with world.database.begin() as session:
        session.execute(text("UPDATE jobs SET done_at = NULL, outcome = NULL WHERE kind = 'UPDATE_CHANNEL'"))
    world.run_due()
    count(world)
    assert sum(series(world, JobKind.UPDATE_CHANNEL)["done"].cells) == before + len(
        world.jobs(incident, JobKind.UPDATE_CHANNEL)
    )


def test_from_a_high_report_to_its_first_call(world: World) -> None:
    world.hold()
    for seconds in (1, 1, 9):
        world.reported(f"It takes {seconds}", severity=Severity.HIGH)
        world.jump(seconds)
        world.run_due()
        world.jump(200 - seconds)
    with world.database.begin() as session:
        assert lateness.report_to_call(session) == {"0.5": 1.0, "0.95": 9.0, "1.0": 9.0}
