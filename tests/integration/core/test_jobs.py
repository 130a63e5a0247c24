"""Jobs: one worker has one at a time, a dead worker's comes back, and nothing is counted that was lost."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from incidents import claims, jobs, lifecycle
from incidents.claims import Claim, ClaimLost, Postponed
from incidents.models import Attempt, Incident, Job
from incidents.ports import Message
from incidents.store import Database
from incidents.terms import LONGEST_WAIT, TERMS, JobKind
from incidents.words import Severity
from integrations.card import card
from tests.integration.core.world import BEA, World, in_parallel


def claimed(world: World, job: Job) -> Claim:
    claim = tried(world, job)
    assert claim is not None
    return claim


def tried(world: World, job: Job) -> Claim | None:
    with world.database.begin() as session:
        return claims.take(session, job.id)


def finished(world: World, claim: Claim) -> bool:
    with world.store.begin() as tx:
        return claims.finish(tx, claim)


def owed(world: World, kind: JobKind = JobKind.POST_NOTE, **more: object) -> Job:
    incident = world.reported()
    world.act(incident, lambda tx, row: jobs.owe(tx, row, kind, payload={"text": "x"}, **more))  # type: ignore[arg-type]  # One of `owe`'s own.
    return world.job(incident, kind)


def again(world: World, job: Job) -> Job:
    with world.store.begin() as tx:
        return tx.get(Job, job.id)


def owe_again(world: World, job: Job) -> None:
    with world.store.begin() as tx:
        jobs.owe(tx, tx.get(Incident, job.incident_id, lock=True), JobKind(job.kind))


def test_a_job_in_hand_is_nobody_elses_until_its_lease_ends(world: World) -> None:
    job = owed(world)
    first = claimed(world, job)
    assert tried(world, job) is None
    world.leases_lapse()
    second = claimed(world, job)
    assert (first.attempt, second.attempt) == (1, 2)
    assert first.unsettled is None
    assert second.unsettled is not None


def test_the_lease_is_in_real_time_so_that_a_moved_clock_ends_none(world: World) -> None:
    job = owed(world)
    claimed(world, job)
    world.jump(86_400)
    assert tried(world, job) is None


def test_a_job_that_is_not_due_is_claimed_by_nobody(world: World) -> None:
    world.hold()
    job = owed(world, due=world.now() + timedelta(seconds=10))
    assert tried(world, job) is None
    world.jump(10)
    assert tried(world, job) is not None


def test_of_two_hundred_jobs_and_sixteen_workers_none_is_claimed_twice(world: World) -> None:
    incident = world.reported()
    for n in range(200):
        world.act(incident, lambda tx, row, n=n: lifecycle.note(tx, row, "x", key=str(n)))  # type: ignore[misc]  # Bound now.
    due = [job.id for job in world.jobs(incident, JobKind.POST_NOTE)]

    def work(_: int) -> list[uuid.UUID]:
        mine = []
        for job in due:
            with world.database.begin() as session:
                if claims.take(session, job) is not None:
                    mine.append(job)
        return mine

    taken = [job for share in in_parallel(work, threads=16) for job in share]
    assert sorted(taken) == sorted(due)
    with world.database.begin() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 200


def test_what_a_worker_finds_out_after_it_lost_its_claim_does_not_count(world: World) -> None:
    job = owed(world)
    late = claimed(world, job)
    world.leases_lapse()
    now = claimed(world, job)
    assert finished(world, late) is False
    with world.store.begin() as tx:
        assert claims.postpone(tx, late, reason="late") is Postponed.LOST
        assert claims.give_up(tx, late, reason="late") is False
    with world.store.begin() as tx, pytest.raises(ClaimLost):
        claims.begin_effect(tx, late)
    assert finished(world, now) is True
    assert again(world, job).outcome == "done"


def test_a_paused_worker_whose_lease_ran_out_unnoticed_takes_it_anew_before_it_acts(world: World) -> None:
    job = owed(world)
    claim = claimed(world, job)
    world.leases_lapse()
    with world.store.begin() as tx:
        claims.begin_effect(tx, claim)
    assert tried(world, job) is None
    assert finished(world, claim)


def test_a_cancelled_job_is_lost_to_whoever_has_it_in_hand(world: World) -> None:
    job = owed(world)
    claim = claimed(world, job)
    with world.store.begin() as tx:
        assert jobs.cancel(tx, tx.get(Incident, job.incident_id, lock=True), JobKind.POST_NOTE) == 1
    assert finished(world, claim) is False
    assert again(world, job).outcome == "cancelled"


def test_a_job_owed_twice_is_one(world: World) -> None:
    job = owed(world)
    owe_again(world, job)
    assert finished(world, claimed(world, job))
    owe_again(world, job)
    assert again(world, job).outcome == "done"
    with world.store.begin() as tx:
        incident = tx.get(Incident, job.incident_id)
    assert [each.id for each in world.jobs(incident, JobKind.POST_NOTE)] == [job.id]


def test_a_standing_job_owed_again_while_it_runs_runs_once_more(world: World) -> None:
    job = owed(world, JobKind.UPDATE_CARD)
    first = claimed(world, job)
    owe_again(world, job)
    assert tried(world, job) is None, "it runs; two at once could overtake each other"
    assert finished(world, first)
    assert again(world, job).done_at is None
    assert finished(world, claimed(world, job))
    assert again(world, job).outcome == "done"


def test_what_an_overtaken_worker_wrote_last_is_mended(world: World) -> None:
    """It read what to show, slept past its lease, and wrote that over what another worker had shown meanwhile."""
    incident = world.triaged(Severity.LOW)
    edit = world.chat.edit

    def slow(channel: str, timestamp: str, message: Message) -> None:
        world.chat.edit = edit  # type: ignore[method-assign]
        world.leases_lapse()
        world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA, how="restarted the pool"))
        world.run_due()
        edit(channel, timestamp, message)

    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.chat.edit = slow  # type: ignore[method-assign]
    world.run_due()
    world.run_due()
    (shown,) = [post for post in world.chat.posts if post.timestamp == world.fresh(incident).card_ts]
    assert shown.message == card(world.summary(incident))
    assert world.job(incident, JobKind.UPDATE_CARD).outcome == "done"


def test_a_standing_job_that_is_done_is_owed_again_by_the_next_change(world: World) -> None:
    job = owed(world, JobKind.UPDATE_CARD)
    finished(world, claimed(world, job))
    owe_again(world, job)
    assert again(world, job).done_at is None
    assert claimed(world, job).tries == 1


def test_a_standing_job_refused_for_what_is_true_no_more_is_tried_with_what_is_true_now(world: World) -> None:
    job = owed(world, JobKind.UPDATE_CARD)
    claim = claimed(world, job)
    owe_again(world, job)
    with world.store.begin() as tx:
        assert claims.give_up(tx, claim, reason="invalid_blocks") is False
        assert len(tx.rings) == 1
    assert again(world, job).done_at is None
    assert tried(world, job) is not None


def test_a_job_waits_longer_after_each_attempt_and_fails_after_the_last(world: World) -> None:
    world.hold()
    job = owed(world, JobKind.CANCEL_CALL)
    waits, result = [], None
    for n in range(TERMS[JobKind.CANCEL_CALL].attempts):
        with world.store.begin() as tx:
            result = claims.postpone(tx, claimed(world, job), reason=f"try {n}")
            now = tx.now
        waits.append((again(world, job).due - now).total_seconds())
        world.jump(400)
    assert result is Postponed.NEVER
    assert again(world, job).outcome == "failed"
    for n, wait in enumerate(waits[:-1]):
        assert 0.8 * 2**n <= wait <= 2**n


def test_a_provider_that_says_when_is_believed(world: World) -> None:
    world.hold()
    job = owed(world)
    with world.store.begin() as tx:
        claims.postpone(tx, claimed(world, job), reason="429", wait=timedelta(seconds=37))
        assert tx.get(Job, job.id).due == tx.now + timedelta(seconds=37)


def test_a_provider_that_wants_an_hour_of_patience_is_asked_before(world: World) -> None:
    world.hold()
    job = owed(world)
    with world.store.begin() as tx:
        claims.postpone(tx, claimed(world, job), reason="429", wait=timedelta(hours=1))
        assert tx.get(Job, job.id).due == tx.now + LONGEST_WAIT


def test_an_attempt_of_which_nobody_knows_leaves_the_next_one_unsettled(world: World) -> None:
    world.hold()
    job = owed(world)
    with world.store.begin() as tx:
        claims.postpone(tx, claimed(world, job), reason="timeout", settled=False)
    world.jump(100)
    claim = claimed(world, job)
    assert claim.unsettled == world.attempts(job)[0].started_real
    assert claim.unsettled_for == timedelta(seconds=100)


def test_an_attempt_that_surely_did_nothing_leaves_the_next_one_settled(world: World) -> None:
    world.hold()
    job = owed(world)
    with world.store.begin() as tx:
        claims.postpone(tx, claimed(world, job), reason="refused", settled=True)
    world.jump(100)
    assert claimed(world, job).unsettled is None


@pytest.mark.parametrize("ending", ["postponed", "given up"])
def test_an_attempt_that_did_nothing_says_nothing_about_an_earlier_one(world: World, ending: str) -> None:
    """The first may have posted; the second was refused while it looked for that; the third must look again."""
    world.hold()
    job = owed(world)
    claimed(world, job)
    world.leases_lapse()
    second = claimed(world, job)
    with world.store.begin() as tx:
        if ending == "postponed":
            claims.postpone(tx, second, reason="429", settled=True)
        else:
            claims.give_up(tx, second, reason="missing_scope")
            assert jobs.try_again(tx, tx.get(Job, job.id, lock=True))
    world.jump(100)
    assert claimed(world, job).unsettled == world.attempts(job)[0].started_real


def test_once_looked_for_and_not_found_an_earlier_attempt_is_settled(world: World) -> None:
    job = owed(world)
    claimed(world, job)
    world.leases_lapse()
    second = claimed(world, job)
    with world.store.begin() as tx:
        claims.begin_effect(tx, second)
    world.leases_lapse()
    assert claimed(world, job).unsettled == world.attempts(job)[1].started_real


def test_a_person_tries_a_failed_job_again_from_the_first_attempt_on(world: World) -> None:
    job = owed(world)
    with world.store.begin() as tx:
        claims.give_up(tx, claimed(world, job), reason="missing_scope")

    def press(_: int) -> bool:
        with world.store.begin() as tx:
            return jobs.try_again(tx, tx.get(Job, job.id, lock=True))

    assert sum(in_parallel(press, threads=6)) == 1
    claim = claimed(world, job)
    assert (claim.attempt, claim.tries) == (2, 1)
    assert finished(world, claim)
    assert press(0) is False, "what is done is not done again"


def test_a_job_begun_too_often_and_never_ended_is_given_up_and_people_are_told(world: World) -> None:
    """It kills its worker each time; the last lease lapses like the others."""
    incident = world.triaged(world.triager.verdict.severity)
    card = world.job(incident, JobKind.UPDATE_CHANNEL)
    owe_again(world, card)
    for _ in range(TERMS[JobKind.UPDATE_CHANNEL].attempts):
        claimed(world, card)
        world.leases_lapse()
    assert world.run(card) is True
    assert again(world, card).outcome == "failed"
    assert "job_failed" in world.told(incident)
    world.run_due()
    assert any("begun 10 times and never ended" in note for note in world.notes())


def test_hurrying_moves_what_waits_and_nothing_else(world: World) -> None:
    now = world.hold()
    incident = world.reported()
    world.act(incident, lambda tx, row: jobs.hurry(tx, row, JobKind.PAGE))
    assert world.job(incident, JobKind.PAGE).due == now
    world.act(incident, lambda tx, row: jobs.cancel(tx, row, JobKind.PAGE))
    world.act(incident, lambda tx, row: jobs.hurry(tx, row, JobKind.PAGE))
    assert world.job(incident, JobKind.PAGE).outcome == "cancelled"


def test_a_note_is_said_once_for_each_key(world: World) -> None:
    incident = world.reported()
    for text_ in ("first", "second"):
        world.act(incident, lambda tx, row, text_=text_: lifecycle.note(tx, row, text_, key="k"))  # type: ignore[misc]  # Bound now.
    assert [job.payload for job in world.jobs(incident, JobKind.POST_NOTE)] == [{"text": "first"}]


def test_the_rings_of_a_transaction_come_after_its_commit_and_never_without_one(world: World) -> None:
    store = Database(world.database.engines, world.bell).only_store()
    with store.begin() as tx:
        incident = tx.get(Incident, world.reported().id, lock=True)
        jobs.owe(tx, incident, JobKind.OPEN_CHANNEL)
        assert world.bell.rings == []
    assert [ring.queue for ring in world.bell.rings] == ["default"]
    with pytest.raises(RuntimeError), store.begin() as tx:  # noqa: PT012  # The raise stands for whatever breaks in it.
        jobs.owe(tx, tx.get(Incident, incident.id, lock=True), JobKind.OPEN_TICKET)
        raise RuntimeError("broke")
    assert len(world.bell.rings) == 1


def test_the_timeline_cannot_be_changed_afterwards(world: World) -> None:
    world.reported()
    for change in ("UPDATE timeline SET kind = 'x'", "DELETE FROM timeline"):
        with pytest.raises(DBAPIError, match="only ever written"), world.database.begin() as session:
            session.execute(text(change))
