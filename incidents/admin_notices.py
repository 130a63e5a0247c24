"""What admins are told of the audit: once when it turns bad, once for each new kind, once when all is well again.

A notice is a row that is owed until it is posted, like a job; jobs belong to incidents, and this is about all of them.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from incidents import clock
from incidents.audit import Audit
from incidents.claims import backoff
from incidents.models import AdminNotice

WELL_AFTER = timedelta(minutes=2)
"""So long without a finding is well again: what comes and goes is told of once."""
LEASE = timedelta(seconds=60)
DO = "Look at /api/health/deep for the present state."
WELL = "Tocsin is well again: what the audit found is no more."


@dataclass(frozen=True, slots=True)
class Telling:
    """A notice in the hands of one process. `unsettled` is when it was first tried and nobody knows how that ended."""

    id: uuid.UUID
    text: str
    attempts: int
    unsettled: datetime | None


def owe(session: Session, audit: Audit) -> AdminNotice | None:
    """The notice that this audit calls for, in the audit's transaction; None when there is nothing new to tell."""
    rows = session.scalars(select(AdminNotice).order_by(AdminNotice.made_at.desc()).limit(20)).all()
    if rows and rows[0].done_at is None:
        return None
    bad_time = rows[: next((n for n, row in enumerate(rows) if row.good), len(rows))]
    told = {kind for row in bad_time for kind in row.kinds}
    counting = [finding for finding in audit.findings if finding.counts]
    if any(finding.kind.value not in told for finding in counting):
        lines = [f"• {finding.text}" for finding in counting]
        return _write(session, audit, "\n".join(["Tocsin needs somebody to look at it.", *lines, DO]), good=False)
    well_for = audit.at - audit.bad_at if audit.bad_at else WELL_AFTER
    if bad_time and not counting and well_for >= WELL_AFTER:
        return _write(session, audit, WELL, good=True)
    return None


def take(session: Session) -> Telling | None:
    """The notice that is to be posted now; commit before posting. None when there is none."""
    real = clock.real(session)
    row = session.scalars(
        select(AdminNotice)
        .where(AdminNotice.done_at.is_(None), AdminNotice.next_at <= real)
        .order_by(AdminNotice.made_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    unsettled, row.begun_at = row.begun_at, row.begun_at or real
    row.next_at, row.attempts = real + LEASE, row.attempts + 1
    return Telling(row.id, row.text, row.attempts, unsettled)


def finish(session: Session, telling: Telling, *, outcome: str) -> None:
    row = session.get_one(AdminNotice, telling.id)
    row.done_at, row.outcome = clock.real(session), outcome


def postpone(session: Session, telling: Telling, *, wait: timedelta | None, settled: bool) -> None:
    """Again later. `settled` says that this attempt is known to have had no effect."""
    row = session.get_one(AdminNotice, telling.id)
    row.next_at = clock.real(session) + (wait or backoff(telling.attempts))
    if settled:
        row.begun_at = telling.unsettled


def failed(session: Session) -> int:
    """Notices that Slack refused."""
    return session.scalar(select(func.count()).where(AdminNotice.outcome == "failed")) or 0


def _write(session: Session, audit: Audit, text: str, *, good: bool) -> AdminNotice:
    kinds = [finding.kind.value for finding in audit.findings if finding.counts]
    notice = AdminNotice(made_at=audit.at, next_at=audit.at, good=good, kinds=kinds, text=text)
    session.add(notice)
    session.flush()
    return notice
