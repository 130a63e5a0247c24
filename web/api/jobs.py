"""…/jobs: what an incident owes to the outside world, and a failed job tried again."""

from datetime import datetime
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel

from incidents import clock, jobs, names, store, timeline
from incidents.errors import NotFound
from incidents.models import Incident, Job
from incidents.store import Transaction
from web.api.actions import By, locked
from web.api.shapes import JobShape
from web.conflicts import CONFLICT
from web.desk import desk
from web.refusal import Refusal

api = APIBlueprint("jobs", __name__, tag="Jobs")


class JobsShape(BaseModel):
    """In the order in which they are due."""

    id: str
    number: int
    jobs: list[JobShape]


@api.get("/api/v1/incidents/<name>/jobs")
@api.output(JobsShape)
@api.doc(summary="What it owes to the outside world")
def jobs_of(name: str) -> JobsShape:
    with desk().store.begin() as tx:
        incident = names.find(tx, name)
        query = tx.select(Job).where(Job.incident_id == incident.id).order_by(Job.due, Job.kind, Job.key)
        real = clock.real(tx.session)
        shown = [_shape(job, real) for job in tx.session.scalars(query)]
        return JobsShape(id=incident.ref, number=incident.number, jobs=shown)


@api.post("/api/v1/incidents/<name>/jobs/<job>/retry")
@api.input(By, arg_name="body")
@api.output(JobShape, 202)
@api.doc(summary="Try a failed job again", responses=CONFLICT)
def retry(name: str, job: str, body: By) -> JobShape:
    with locked(name) as (tx, incident):
        found = _job(tx, incident, job)
        if found.outcome != "failed":
            raise Refusal(
                409, f"This {found.kind} is {found.outcome or 'still owed'}; only a failed job is tried again."
            )
        jobs.try_again(tx, found)
        timeline.write(tx, incident, "job_retried", actor=body.actor.name, via=body.actor.via, job=found.kind)
        return _shape(found, clock.real(tx.session))


def _job(tx: Transaction, incident: Incident, name: str) -> Job:
    try:
        query = tx.select(Job).where(Job.id == UUID(name), Job.incident_id == incident.id)
    except ValueError:
        query = None
    job = tx.session.scalars(store.locked(query)).one_or_none() if query is not None else None
    if job is None:
        raise NotFound(f"#{incident.number} owes no such job. GET /api/v1/incidents/{incident.number}/jobs lists them.")
    return job


def _shape(job: Job, real: datetime) -> JobShape:
    return JobShape(
        id=job.id,
        kind=job.kind,
        key=job.key,
        due=job.due,
        attempts=job.attempts,
        claimed=job.done_at is None and job.claimed_until is not None and job.claimed_until > real,
        done_at=job.done_at,
        outcome=job.outcome,
        error=job.error,
    )
