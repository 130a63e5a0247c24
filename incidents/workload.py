"""How much is owed and how late it is, over all organizations: for metrics and for health."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from incidents.models import Incident, Job


@dataclass(frozen=True, slots=True)
class Owed:
    """Jobs of one kind that are not done. `oldest_seconds` is how long the oldest overdue one has been due."""

    kind: str
    waiting: int
    overdue: int
    oldest_seconds: float


def owed(session: Session) -> Sequence[Owed]:
    now = func.store_now()
    late = Job.due <= now
    rows = session.execute(
        select(
            Job.kind,
            func.count(),
            func.count(case((late, 1))),
            func.greatest(func.extract("epoch", now - func.min(Job.due)), 0),
        )
        .where(Job.done_at.is_(None))
        .group_by(Job.kind)
    ).all()
    return [Owed(kind, waiting, overdue, float(oldest)) for kind, waiting, overdue, oldest in rows]


def failed(session: Session) -> dict[str, int]:
    """Jobs that were given up and that nobody has tried again, by kind."""
    rows = session.execute(select(Job.kind, func.count()).where(Job.outcome == "failed").group_by(Job.kind)).all()
    return {row.kind: row[1] for row in rows}


def accepted(session: Session) -> dict[str, int]:
    """All incidents there are, by the door through which they were reported."""
    rows = session.execute(select(Incident.source, func.count()).group_by(Incident.source)).all()
    return {str(source): number for source, number in rows}
