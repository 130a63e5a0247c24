"""What admins are told of the audit: once when it turns bad, once for each new kind, once when all is well again.

A notice is a row that is owed until it is posted (`incidents/owed_posts.py`).
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from incidents.audit import Audit
from incidents.models import AdminNotice

WELL_AFTER = timedelta(minutes=2)
"""So long without a finding is well again: what comes and goes is told of once."""
DO = "Look at /api/health/deep for the present state."
WELL = "Tocsin is well again: what the audit found is no more."


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


def text(session: Session, notice: UUID) -> str:
    return session.get_one(AdminNotice, notice).text


def failed(session: Session) -> int:
    """Notices that Slack refused."""
    return session.scalar(select(func.count()).where(AdminNotice.outcome == "failed")) or 0


def _write(session: Session, audit: Audit, text: str, *, good: bool) -> AdminNotice:
    kinds = [finding.kind.value for finding in audit.findings if finding.counts]
    notice = AdminNotice(made_at=audit.at, next_at=audit.at, good=good, kinds=kinds, text=text)
    session.add(notice)
    session.flush()
    return notice
