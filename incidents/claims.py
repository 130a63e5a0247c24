"""How a worker takes a job, keeps others away from it, and ends it."""

import random
import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Update, and_, func, or_, select, update
from sqlalchemy.orm import Session

from incidents import clock, jobs
from incidents.models import Attempt, Job
from incidents.ports import Ring
from incidents.store import Transaction
from incidents.terms import LONGEST_WAIT, QUEUES, TERMS, JobKind, kinds_of

RING_AGAIN_AFTER = timedelta(seconds=5)
RINGS_AT_ONCE = 100
UNKNOWN = "unknown"
"""How an attempt ended of which nobody knows whether its effect happened; it has no `ended_at` until somebody does."""
HELD = "held"
"""How an attempt ended that tried nothing."""
FRESH_FOR = timedelta(seconds=0.5)
"""So long after what was read before an effect nobody need look again."""
BEGINS_WITHIN = 0.5
"""An effect begins in the first half of its lease or not at all; the rest is for the provider's answer."""


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


def take(session: Session, job_id: uuid.UUID) -> Claim | None:
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
        due=job.due,
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


@dataclass(frozen=True, slots=True)
class Held:
    """The time in which an effect may begin, on this machine's own clock, which runs on while a process is stopped."""

    begun: float
    until: float
    claim: str

    @property
    def is_fresh(self) -> bool:
        """Whether it began so lately that hardly anything can have happened meanwhile."""
        return time.monotonic() - self.begun < FRESH_FOR.total_seconds()

    def check(self) -> None:
        """Ask it last before an effect that must not happen twice. Raises: ClaimLost when the lease is about to end."""
        if time.monotonic() > self.until:
            raise ClaimLost(f"{self.claim} was stopped for too long")


def begin_effect(tx: Transaction, claim: Claim) -> Held:
    """The last word before an effect that must not happen twice; commit it first. Raises: ClaimLost.

    The lease begins anew, so that a worker that was paused, or that looked for an earlier effect for long, does not act
    on a lease that ran out. What earlier attempts left open did not happen: the handler has looked for it.
    """
    begun = time.monotonic()
    job = _held(tx, claim)
    if job is None:
        raise ClaimLost(f"{claim.kind} {claim.job}, attempt {claim.attempt}")
    lease = TERMS[claim.kind].lease
    job.claimed_until = clock.real(tx.session) + lease
    earlier = _open_attempts(claim).where(Attempt.n < claim.attempt)
    tx.session.execute(earlier.values(ended_at=tx.now, outcome="no effect"))
    return Held(begun, begun + (lease * BEGINS_WITHIN).total_seconds(), f"{claim.kind} {claim.job}")


def finish(tx: Transaction, claim: Claim) -> bool:
    """The job is done, in the transaction of what it brought about. False when the claim was lost.

    A standing job is done once more when another worker had it meanwhile.
    """
    job = _held(tx, claim)
    if job is None:
        _mend(tx, claim)
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
        if not settled:
            _mend(tx, claim)
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


def hold(tx: Transaction, claim: Claim, *, until: datetime, because: dict[str, str]) -> bool:
    """Nothing was tried, and nothing is before then. `because` is kept with the job. False when the claim was lost."""
    job = _held(tx, claim)
    if job is None:
        return False
    tx.session.execute(_open_attempts(claim).where(Attempt.n == claim.attempt).values(ended_at=tx.now, outcome=HELD))
    job.claimed_until, job.rung_at = None, None
    job.attempts = max(job.attempts - 1, 0)
    job.due, job.payload = until, {**job.payload, **because}
    return True


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


def backoff(attempts: int, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """1, 2, 4 … s up to `longest`, each shortened by up to a fifth so that failures do not come back together."""
    wait = min(timedelta(seconds=2.0 ** min(attempts - 1, 16)), longest)
    return wait * random.uniform(0.8, 1.0)  # noqa: S311 (not a secret)


def due_rings(session: Session, *, limit: int = RINGS_AT_ONCE) -> list[Ring]:
    """Jobs that are due, in no worker's hands, and for which the bell has not rung lately. Marks them as rung.

    At most `limit` of each queue: of thousands that wait the workers take no more in the next second, and those of one
    queue must not keep the others from being looked at. Kinds that only a later version knows are left to it.
    """
    rings = [ring for queue in QUEUES for ring in _due_rings(session, queue, limit)]
    if rings:
        rung = update(Job).where(Job.id.in_([ring.job for ring in rings]))
        session.execute(rung.values(rung_at=func.clock_timestamp()))
    return rings


def _due_rings(session: Session, queue: str, limit: int) -> list[Ring]:
    stale = or_(Job.rung_at.is_(None), Job.rung_at < func.clock_timestamp() - RING_AGAIN_AFTER)
    query = select(Job.id).where(_claimable(), stale, Job.kind.in_(kinds_of(queue))).order_by(Job.due).limit(limit)
    return [Ring(job, queue) for job in session.scalars(query.with_for_update(skip_locked=True, key_share=True))]


def due_in(session: Session, queue: str, *, limit: int, but: Collection[uuid.UUID] = ()) -> Sequence[uuid.UUID]:
    """The queue's jobs that are due and in no worker's hands, the one that is due longest first."""
    query = select(Job.id).where(_claimable(), Job.kind.in_(kinds_of(queue)), Job.id.not_in(but))
    return session.scalars(query.order_by(Job.due).limit(limit)).all()


def _held(tx: Transaction, claim: Claim) -> Job | None:
    """The job's row, locked, if the claim still stands: nobody claimed it after us, and nobody ended or released it."""
    job = tx.get(Job, claim.job, lock=True)
    newest = _newest(tx, claim)
    stands = newest == claim.attempt and job.done_at is None and job.claimed_until is not None
    return job if stands else None


def _mend(tx: Transaction, claim: Claim) -> None:
    """Of a standing job that another worker had meanwhile: what this one wrote may stand above what that one did."""
    job = tx.get(Job, claim.job, lock=True)
    if not TERMS[claim.kind].standing or job.outcome == "cancelled" or _newest(tx, claim) == claim.attempt:
        return
    job.generation += 1
    if job.done_at is not None:
        jobs.begin_anew(tx, job)


def _newest(tx: Transaction, claim: Claim) -> int | None:
    """The number of the job's last attempt."""
    return tx.session.scalar(select(func.max(Attempt.n)).where(Attempt.job_id == claim.job))


def _open_attempts(claim: Claim) -> Update:
    return update(Attempt).where(Attempt.job_id == claim.job, Attempt.ended_at.is_(None))


def _end_attempt(tx: Transaction, claim: Claim, reason: str, *, settled: bool = True) -> None:
    """This attempt failed. That says nothing about those before it, whose effect may be there all the same."""
    attempt = _open_attempts(claim).where(Attempt.n == claim.attempt)
    if settled:
        tx.session.execute(attempt.values(ended_at=tx.now, outcome="failed", error=reason))
    else:
        tx.session.execute(attempt.values(outcome=UNKNOWN, error=reason))


def _claimable() -> Any:
    free = or_(Job.claimed_until.is_(None), Job.claimed_until < func.clock_timestamp())
    return and_(Job.done_at.is_(None), Job.due <= func.store_now(), free)
