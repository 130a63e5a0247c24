"""Jobs: what an incident owes, and what people do with what it owes."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from incidents.models import Incident, Job
from incidents.ports import Ring
from incidents.store import Transaction, locked
from incidents.terms import TERMS, JobKind


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


def first(kind: JobKind, *, due: datetime, key: str = "") -> dict[str, Any]:
    """The columns of a job of an incident that is not written yet; `ring` for it once it is."""
    return {"id": uuid.uuid4(), "kind": kind, "key": key, "due": due}


def ring(tx: Transaction, *jobs: dict[str, Any]) -> None:
    """For those of the jobs that are due."""
    tx.rings += [Ring(job["id"], TERMS[job["kind"]].queue) for job in jobs if job["due"] <= tx.now]


def hurry(tx: Transaction, incident: Incident, kind: JobKind) -> None:
    """Jobs of that kind that wait are due now."""
    for job in waiting(tx, incident, kind):
        make_due(tx, job)


def make_due(tx: Transaction, job: Job) -> None:
    job.due = min(job.due, tx.now)
    tx.rings.append(Ring(job.id, TERMS[JobKind(job.kind)].queue))


def move(tx: Transaction, job: Job, *, due: datetime) -> None:
    """The job is due then, or now when that is over."""
    job.due = max(due, tx.now)
    if job.due <= tx.now:
        tx.rings.append(Ring(job.id, TERMS[JobKind(job.kind)].queue))


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


def try_now(tx: Transaction, incident: Incident, kind: JobKind) -> None:
    """Jobs of that kind that were tried in vain need not wait any longer; those not due yet stay as they are."""
    for job in waiting(tx, incident, kind):
        if job.attempts > 0:
            make_due(tx, job)


def try_again(tx: Transaction, job: Job) -> bool:
    """A person wants a failed job to be tried again, from the first attempt on. False when it has not failed.

    The job must be locked: of two people who ask, one does it, and what was done meanwhile is not done twice.
    """
    if job.outcome != "failed":
        return False
    begin_anew(tx, job)
    return True


def begin_anew(tx: Transaction, job: Job) -> None:
    """A job that has ended is to be done once more, from the first attempt on."""
    job.done_at, job.outcome, job.attempts, job.due, job.rung_at = None, None, 0, tx.now, None
    tx.rings.append(Ring(job.id, TERMS[JobKind(job.kind)].queue))
