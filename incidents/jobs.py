"""Jobs: what an incident owes, how a worker claims it, and how it ends."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Update, and_, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from incidents import clock
from incidents.models import Attempt, Incident, Job
from incidents.ports import Ring
from incidents.store import Transaction, locked

RING_AGAIN_AFTER = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)


class JobKind(StrEnum):
    TRIAGE = "TRIAGE"
    PAGE = "PAGE"
    NOTIFY_BY_PHONE = "NOTIFY_BY_PHONE"
    CANCEL_CALL = "CANCEL_CALL"
    TELL_EVERYBODY = "TELL_EVERYBODY"
    OPEN_CHANNEL = "OPEN_CHANNEL"
    UPDATE_CHANNEL = "UPDATE_CHANNEL"
    INVITE_PEOPLE = "INVITE_PEOPLE"
    POST_CARD = "POST_CARD"
    UPDATE_CARD = "UPDATE_CARD"
    POST_POINTER = "POST_POINTER"
    POST_NOTE = "POST_NOTE"
    OPEN_TICKET = "OPEN_TICKET"
    UPDATE_TICKET = "UPDATE_TICKET"
    TRANSCRIBE = "TRANSCRIBE"
    LEARN = "LEARN"


@dataclass(frozen=True, slots=True)
class Terms:
    """How jobs of a kind are done. The lease is longer than everything that the kind does with its time limits.

    A standing job makes something outside agree with the database; owed again while it runs, it runs once more.
    `longest_wait` is the most between two attempts, whatever patience a provider asks for.
    """

    queue: str
    lease: timedelta
    attempts: int
    standing: bool = False
    longest_wait: timedelta = LONGEST_WAIT


_SECONDS = timedelta(seconds=1)

TERMS: dict[JobKind, Terms] = {
    JobKind.TRIAGE: Terms("triage", 60 * _SECONDS, attempts=5, standing=True),
    JobKind.PAGE: Terms("page", 30 * _SECONDS, attempts=200, longest_wait=20 * _SECONDS),
    JobKind.NOTIFY_BY_PHONE: Terms("page", 30 * _SECONDS, attempts=10),
    JobKind.CANCEL_CALL: Terms("page", 30 * _SECONDS, attempts=5),
    JobKind.TELL_EVERYBODY: Terms("default", 45 * _SECONDS, attempts=20),
    JobKind.OPEN_CHANNEL: Terms("default", 45 * _SECONDS, attempts=30),
    JobKind.UPDATE_CHANNEL: Terms("default", 30 * _SECONDS, attempts=10, standing=True),
    JobKind.INVITE_PEOPLE: Terms("default", 45 * _SECONDS, attempts=10, standing=True),
    JobKind.POST_CARD: Terms("default", 45 * _SECONDS, attempts=30),
    JobKind.UPDATE_CARD: Terms("default", 30 * _SECONDS, attempts=20, standing=True),
    JobKind.POST_POINTER: Terms("default", 45 * _SECONDS, attempts=10),
    JobKind.POST_NOTE: Terms("default", 45 * _SECONDS, attempts=20),
    JobKind.OPEN_TICKET: Terms("default", 45 * _SECONDS, attempts=30),
    JobKind.UPDATE_TICKET: Terms("default", 60 * _SECONDS, attempts=20, standing=True),
    JobKind.TRANSCRIBE: Terms("default", 90 * _SECONDS, attempts=20),
    JobKind.LEARN: Terms("triage", 30 * _SECONDS, attempts=20, standing=True),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of one worker until its lease ends.

    `attempt` counts from 1 over the job's life, `tries` since a person last asked to try again. `unsettled` is when the
    first attempt began of whose effect nobody knows (the machine's time), and `unsettled_for` how long ago that was
    (the store's time); None when every earlier attempt ended or there was none.
    """

    job: uuid.UUID
    organization: uuid.UUID
    incident: uuid.UUID
    kind: JobKind
    key: str
    payload: dict[str, Any]
    due: datetime
    attempt: int
    tries: int
    generation: int
    unsettled: datetime | None
    unsettled_for: timedelta | None


class Postponed(StrEnum):
    """What became of a job that could not be done now."""

    LATER = "later"
    NEVER = "never"
    LOST = "lost"


class ClaimLost(Exception):
    """The lease ended and another worker has the job, or somebody cancelled it: what was found out does not count."""


def owe(
    tx: Transaction,
    incident: Incident,
    kind: JobKind,
    *,
    key: str = "",
    due: datetime | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """The incident owes this job from now on, due at once unless said otherwise.

    Owed already, it stays as it is; a standing job becomes due (again).
    """
    terms = TERMS[kind]
    row = insert(Job).values(
        id=uuid.uuid4(),
        organization_id=tx.organization,
        incident_id=incident.id,
        kind=kind,
        key=key,
        payload=payload or {},
        created_at=tx.now,
        due=due or tx.now,
        attempts=0,
        generation=1,
    )
    if terms.standing:
        row = row.on_conflict_do_update(
            index_elements=["incident_id", "kind", "key"],
            set_={
                "due": row.excluded.due,
                "generation": Job.generation + 1,
                "done_at": None,
                "outcome": None,
                "attempts": 0,
                "rung_at": None,
            },
        )
    else:
        row = row.on_conflict_do_nothing(index_elements=["incident_id", "kind", "key"])
    made = tx.session.execute(row.returning(Job.id, Job.due)).one_or_none()
    if made is not None and made.due <= tx.now:
        tx.rings.append(Ring(made.id, terms.queue))


def hurry(tx: Transaction, incident: Incident, kind: JobKind) -> None:
    """Jobs of that kind that wait are due now."""
    for job in waiting(tx, incident, kind):
        if job.due > tx.now:
            job.due = tx.now
        tx.rings.append(Ring(job.id, TERMS[kind].queue))


def waiting(tx: Transaction, incident: Incident, kind: JobKind) -> Sequence[Job]:
    """The incident's jobs of that kind that are not done, locked, in the order in which they are due."""
    query = tx.select(Job).where(Job.incident_id == incident.id, Job.kind == kind, Job.done_at.is_(None))
    return tx.session.scalars(locked(query.order_by(Job.due))).all()


def cancel(tx: Transaction, incident: Incident, kind: JobKind) -> int:
    """End the incident's waiting jobs of that kind. A worker that has one in hand finds its claim lost."""
    rows = waiting(tx, incident, kind)
    for job in rows:
        job.done_at, job.outcome = tx.now, "cancelled"
    return len(rows)


def _claimable() -> Any:
    free = or_(Job.claimed_until.is_(None), Job.claimed_until < func.clock_timestamp())
    return and_(Job.done_at.is_(None), Job.due <= func.store_now(), free)


def claim(session: Session, job_id: uuid.UUID) -> Claim | None:
    """Take the job and write the attempt down; None when it is not due, done, or in other hands.

    Commit before the effect: an attempt without an end is how the next worker knows that it may have happened.
    """
    job = session.scalars(
        select(Job).where(Job.id == job_id, _claimable()).with_for_update(skip_locked=True, key_share=True)
    ).one_or_none()
    if job is None:
        return None
    kind = JobKind(job.kind)
    unsettled = session.scalars(
        select(Attempt).where(Attempt.job_id == job.id, Attempt.ended_at.is_(None)).order_by(Attempt.n).limit(1)
    ).one_or_none()
    now = clock.read(session)
    counted = session.scalar(select(func.coalesce(func.max(Attempt.n), 0)).where(Attempt.job_id == job.id))
    real = clock.real(session)
    job.attempts += 1
    job.claimed_until = real + TERMS[kind].lease
    attempt = Attempt(
        organization_id=job.organization_id,
        job_id=job.id,
        n=(counted or 0) + 1,
        started_at=now,
        started_real=real,
    )
    session.add(attempt)
    return Claim(
        job=job.id,
        organization=job.organization_id,
        incident=job.incident_id,
        kind=kind,
        key=job.key,
        payload=job.payload,
        due=job.due,
        attempt=attempt.n,
        tries=job.attempts,
        generation=job.generation,
        unsettled=unsettled.started_real if unsettled else None,
        unsettled_for=now - unsettled.started_at if unsettled else None,
    )


def begin_effect(tx: Transaction, claim: Claim) -> None:
    """The last word before an effect that must not happen twice; commit it first. Raises: ClaimLost.

    The lease begins anew, so that a worker that was paused, or that looked for an earlier effect for long, does not act
    on a lease that ran out. What earlier attempts left open did not happen: the handler has looked for it.
    """
    job = _held(tx, claim)
    if job is None:
        raise ClaimLost(f"{claim.kind} {claim.job}, attempt {claim.attempt}")
    job.claimed_until = clock.real(tx.session) + TERMS[claim.kind].lease
    earlier = _open_attempts(claim).where(Attempt.n < claim.attempt)
    tx.session.execute(earlier.values(ended_at=tx.now, outcome="no effect"))


def try_now(tx: Transaction, incident: Incident, kind: JobKind) -> None:
    """Jobs of that kind that were tried in vain need not wait any longer; those not due yet stay as they are."""
    for job in waiting(tx, incident, kind):
        if job.attempts > 0:
            job.due = min(job.due, tx.now)
            tx.rings.append(Ring(job.id, TERMS[kind].queue))


def finish(tx: Transaction, claim: Claim) -> bool:
    """The job is done, in the transaction of what it brought about. False when the claim was lost."""
    job = _held(tx, claim)
    if job is None:
        return False
    if job.generation == claim.generation:
        job.done_at, job.outcome = tx.now, "done"
    else:
        tx.rings.append(Ring(job.id, TERMS[claim.kind].queue))
    job.claimed_until, job.error = None, None
    tx.session.execute(_open_attempts(claim).values(ended_at=tx.now, outcome="done"))
    return True


def postpone(
    tx: Transaction, claim: Claim, *, reason: str, wait: timedelta | None = None, settled: bool = True
) -> Postponed:
    """Try again later: after `wait`, or after a growing time; or never, when this was the last attempt.

    An attempt that ends with a `wait` does not count: a provider that asks for patience has not failed.
    With `settled=False` nobody knows whether the effect happened, and the next attempt finds the claim unsettled.
    """
    job = _held(tx, claim)
    if job is None:
        return Postponed.LOST
    _end_attempt(tx, claim, reason, settled=settled)
    job.claimed_until, job.rung_at, job.error = None, None, reason
    terms = TERMS[claim.kind]
    if wait is not None:
        job.attempts = max(job.attempts - 1, 0)
        job.due = tx.now + min(wait, terms.longest_wait)
        return Postponed.LATER
    if job.attempts >= terms.attempts:
        job.done_at, job.outcome = tx.now, "failed"
        return Postponed.NEVER
    job.due = tx.now + backoff(job.attempts, terms.longest_wait)
    return Postponed.LATER


def give_up(tx: Transaction, claim: Claim, *, reason: str) -> bool:
    """The job has failed, and trying again would not help. False when that does not count.

    It does not when the claim was lost, or when a standing job was owed again meanwhile: then it is tried once more.
    """
    job = _held(tx, claim)
    if job is None:
        return False
    _end_attempt(tx, claim, reason)
    job.claimed_until, job.error = None, reason
    if job.generation != claim.generation:
        tx.rings.append(Ring(job.id, TERMS[claim.kind].queue))
        return False
    job.done_at, job.outcome = tx.now, "failed"
    return True


def try_again(tx: Transaction, job: Job) -> bool:
    """A person wants a failed job to be tried again, from the first attempt on. False when it has not failed.

    The job must be locked: of two people who ask, one does it, and what was done meanwhile is not done twice.
    """
    if job.outcome != "failed":
        return False
    job.done_at, job.outcome, job.attempts, job.due, job.rung_at = None, None, 0, tx.now, None
    tx.rings.append(Ring(job.id, TERMS[JobKind(job.kind)].queue))
    return True


def backoff(attempts: int, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """1, 2, 4 … s up to `longest`, each shortened by up to a fifth so that failures do not come back together."""
    wait = min(timedelta(seconds=2.0 ** min(attempts - 1, 16)), longest)
    return wait * random.uniform(0.8, 1.0)  # noqa: S311 (not a secret)


def due_rings(session: Session, *, limit: int = 500) -> list[Ring]:
    """Jobs that are due, in no worker's hands, and for which the bell has not rung lately. Marks them as rung.

    Pages come first: thousands of other jobs that wait for a provider must not keep them from being looked at.
    """
    stale = or_(Job.rung_at.is_(None), Job.rung_at < func.clock_timestamp() - RING_AGAIN_AFTER)
    paging = [kind for kind, terms in TERMS.items() if terms.queue == "page"]
    rows = session.execute(
        select(Job.id, Job.kind)
        .where(_claimable(), stale)
        .order_by(case((Job.kind.in_(paging), 0), else_=1), Job.due)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    if rows:
        session.execute(update(Job).where(Job.id.in_([row.id for row in rows])).values(rung_at=func.clock_timestamp()))
    return [Ring(row.id, TERMS[JobKind(row.kind)].queue) for row in rows]


def _held(tx: Transaction, claim: Claim) -> Job | None:
    """The job's row, locked, if the claim still stands: nobody claimed it after us and nobody ended it."""
    job = tx.get(Job, claim.job, lock=True)
    newest = tx.session.scalar(select(func.max(Attempt.n)).where(Attempt.job_id == claim.job))
    return job if newest == claim.attempt and job.done_at is None else None


def _open_attempts(claim: Claim) -> Update:
    return update(Attempt).where(Attempt.job_id == claim.job, Attempt.ended_at.is_(None))


def _end_attempt(tx: Transaction, claim: Claim, reason: str, *, settled: bool = True) -> None:
    """This attempt failed. That says nothing about those before it, whose effect may be there all the same."""
    attempt = _open_attempts(claim).where(Attempt.n == claim.attempt)
    if settled:
        tx.session.execute(attempt.values(ended_at=tx.now, outcome="failed", error=reason))
    else:
        tx.session.execute(attempt.values(outcome="unknown", error=reason))
