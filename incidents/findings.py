"""What is wrong now: promises that are missing, late or kept by nobody, found in the tables themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from incidents import heartbeats
from incidents.claims import HELD
from incidents.models import Attempt, Incident, Job, ScheduleRow, TimelineEntry
from incidents.terms import JobKind, kinds_of
from incidents.walltime import zone_kept
from incidents.words import Source, Status, Triage

PAGE_LATE = timedelta(seconds=30)
JOB_LATE = timedelta(minutes=5)
CALLED_IN_VAIN = timedelta(minutes=5)
ACCOUNTED_WITHIN = timedelta(minutes=2)
TRIAGED_WITHIN = timedelta(minutes=2)
SPOKEN_TRIAGED_WITHIN = timedelta(minutes=5)
"""A caller may speak for three minutes before anything can be triaged."""
SILENT_AFTER = timedelta(seconds=30)
MOST_COUNTED = 1000


class Kind(StrEnum):
    """The worst first."""

    PROMISE_MISSING = "promise_missing"
    PAGE_OVERDUE = "page_overdue"
    PAGE_UNACCOUNTED = "page_unaccounted"
    CALLED_IN_VAIN = "called_in_vain"
    PART_SILENT = "part_silent"
    ZONE_UNKNOWN = "zone_unknown"
    TRIAGE_MISSING = "triage_missing"
    JOB_OVERDUE = "job_overdue"
    JOB_FAILED = "job_failed"

    @property
    def bad(self) -> bool:
        """Whether people may be waiting for something that does not come. A failed job waits for a person."""
        return self is not Kind.JOB_FAILED


@dataclass(frozen=True, slots=True)
class Finding:
    """`count` things are so (more than `MOST_COUNTED` are not counted); `example` names one, like `#42`."""

    kind: Kind
    count: int
    example: str


SAYS = {
    Kind.PROMISE_MISSING: "open incidents that nobody will be called about, or that nobody will triage",
    Kind.PAGE_OVERDUE: "calls that are due for more than 30 seconds",
    Kind.PAGE_UNACCOUNTED: "incidents whose page counts as done though nobody was called",
    Kind.CALLED_IN_VAIN: "calls that have been tried in vain for more than 5 minutes",
    Kind.PART_SILENT: "parts of the product that do not work",
    Kind.ZONE_UNKNOWN: "schedules whose time zone this machine does not know (any more): the list is called instead",
    Kind.TRIAGE_MISSING: "incidents without a triage result",
    Kind.JOB_OVERDUE: "jobs that are due for more than 5 minutes",
    Kind.JOB_FAILED: "jobs that were given up and wait for a person",
}
ADVICE = {
    Kind.PROMISE_MISSING: "Call somebody yourself, escalate the incident, and report this: it is a bug.",
    Kind.PAGE_OVERDUE: "Call somebody yourself. Is `worker-page` running, and does the database answer?",
    Kind.PAGE_UNACCOUNTED: "Call somebody yourself, escalate the incident, and report this: it is a bug.",
    Kind.CALLED_IN_VAIN: "Call somebody yourself. The incident's jobs say what the phone provider answers.",
    Kind.PART_SILENT: "Start it again; its last lines in the log say why it stopped.",
    Kind.ZONE_UNKNOWN: "Give the schedule another zone, or the server its time zones (tzdata) again.",
    Kind.TRIAGE_MISSING: "Is `worker-triage` running? Paging goes on without it.",
    Kind.JOB_OVERDUE: "Is `worker-default` running, and does Redis answer? Paging goes on without them.",
    Kind.JOB_FAILED: "Mend what the job's error says, and try it again.",
}


def find(session: Session) -> list[Finding]:
    """All that is wrong at this moment, the worst first."""
    now: Any = func.store_now()
    late_pages = _jobs(kinds_of("page"), Job.due < now - PAGE_LATE)
    late_jobs = _jobs([*kinds_of("triage"), *kinds_of("default")], Job.due < now - JOB_LATE)
    found = [
        _counted(session, Kind.PROMISE_MISSING, _without_page().union(_without_triage())),
        _counted(session, Kind.PAGE_OVERDUE, late_pages),
        _counted(session, Kind.PAGE_UNACCOUNTED, _unaccounted(now)),
        _counted(session, Kind.CALLED_IN_VAIN, _called_in_vain()),
        _silent(session),
        _zoneless(session),
        _counted(session, Kind.TRIAGE_MISSING, _untriaged(now)),
        _counted(session, Kind.JOB_OVERDUE, late_jobs),
        _counted(session, Kind.JOB_FAILED, _failed()),
    ]
    return [finding for finding in found if finding is not None]


def _counted(session: Session, kind: Kind, rows: Any) -> Finding | None:
    some = rows.limit(MOST_COUNTED).subquery()
    count, example = session.execute(select(func.count(), func.min(some.c[0]))).one()
    return Finding(kind, count, example) if count else None


def _silent(session: Session) -> Finding | None:
    parts = heartbeats.silent(session, longer_than=SILENT_AFTER)
    return Finding(Kind.PART_SILENT, len(parts), ", ".join(parts)) if parts else None


def _zoneless(session: Session) -> Finding | None:
    lost = [zone for zone in session.scalars(select(ScheduleRow.zone)) if zone_kept(zone) is None]
    return Finding(Kind.ZONE_UNKNOWN, len(lost), lost[0]) if lost else None


def _numbers(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select("#" + cast(Incident.number, String)).where(*conditions)


def _jobs(kinds: Sequence[JobKind], *conditions: ColumnElement[bool]) -> Select[Any]:
    about = Job.kind + " of #" + cast(Incident.number, String)
    joined = select(about).join(Incident, Incident.id == Job.incident_id)
    return joined.where(Job.done_at.is_(None), Job.kind.in_(kinds), *conditions)


def _without_page() -> Select[Any]:
    """Open, bad enough to page, and neither is a call or telling everybody owed nor was everybody told."""
    told = and_(
        Job.kind == JobKind.TELL_EVERYBODY,
        Job.key == cast(Incident.paging_run, String),
        Job.outcome.in_(("done", "failed")),
    )
    promise = select(Job.id).where(
        Job.incident_id == Incident.id,
        Job.kind.in_((JobKind.PAGE, JobKind.TELL_EVERYBODY)),
        or_(Job.done_at.is_(None), told),
    )
    pages = Incident.policy["pages"].has_key(cast(Incident.severity, String))
    return _numbers(Incident.status == Status.OPEN, pages, ~promise.exists())


def _without_triage() -> Select[Any]:
    promise = select(Job.id).where(Job.incident_id == Incident.id, Job.kind == JobKind.TRIAGE, Job.done_at.is_(None))
    return _numbers(Incident.triage.in_((Triage.SUBMITTED, Triage.PROCESSING)), ~promise.exists())


def _unaccounted(now: Any) -> Select[Any]:
    """A page of the present run was done, and since it was owed the timeline tells of no call and of no reason.

    One call may cover several incidents, and a late page leaves its call to the next one: so the incident is asked, not
    the job.
    """
    told = select(TimelineEntry.id).where(
        TimelineEntry.incident_id == Incident.id,
        TimelineEntry.kind.in_(("paged", "page_not_made", "page_delayed")),
        TimelineEntry.at >= Job.created_at,
    )
    run = cast(Incident.paging_run, String) + ":%"
    joined = select("#" + cast(Incident.number, String)).join(Job, Job.incident_id == Incident.id).distinct()
    done = (Job.kind == JobKind.PAGE, Job.key.like(run), Job.outcome == "done", Job.done_at < now - ACCOUNTED_WITHIN)
    return joined.where(Incident.status == Status.OPEN, *done, ~told.exists())


def _called_in_vain() -> Select[Any]:
    begun = select(Attempt.id).where(
        Attempt.job_id == Job.id,
        Attempt.outcome.is_distinct_from(HELD),
        Attempt.started_real < func.clock_timestamp() - CALLED_IN_VAIN,
    )
    return _jobs([JobKind.PAGE], begun.exists())


def _untriaged(now: Any) -> Select[Any]:
    within = case((Incident.source == Source.PHONE, SPOKEN_TRIAGED_WITHIN), else_=TRIAGED_WITHIN)
    return _numbers(Incident.triage.in_((Triage.SUBMITTED, Triage.PROCESSING)), Incident.opened_at < now - within)


def _failed() -> Select[Any]:
    about = Job.kind + " of #" + cast(Incident.number, String)
    joined = select(about).join(Incident, Incident.id == Job.incident_id)
    return joined.where(Job.outcome == "failed", Incident.status.not_in([each for each in Status if each.is_over]))
