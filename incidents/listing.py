"""Lists of incidents, page by page, and what can be counted about them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from incidents import routes
from incidents.models import Correction, Incident
from incidents.store import Transaction
from incidents.words import Route, Severity, Source, Status


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; None leaves a field open. `text` is looked for in title and description; `before` is a number."""

    status: Sequence[Status] = ()
    severity: Severity | None = None
    category: str | None = None
    source: Source | None = None
    project: UUID | None = None
    text: str | None = None
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    before: int | None = None


def newest(tx: Transaction, wanted: Wanted, *, limit: int) -> Sequence[Incident]:
    """The newest first. The next page is the one before the last number of this one."""
    query = tx.select(Incident).where(*_conditions(wanted))
    return tx.session.scalars(query.order_by(Incident.number.desc()).limit(limit)).all()


def open_by_severity(tx: Transaction, *, limit: int) -> Sequence[Incident]:
    """What is not over, the worst first, then the oldest."""
    rank = case({severity.value: severity.rank for severity in Severity}, value=Incident.severity)
    live = tx.select(Incident).where(Incident.status.in_([Status.OPEN, Status.ACKNOWLEDGED, Status.MITIGATED]))
    return tx.session.scalars(live.order_by(rank.desc(), Incident.opened_at).limit(limit)).all()


def stats(tx: Transaction, wanted: Wanted | None = None) -> dict[str, Any]:
    """Counts by status, severity, category and route; mean seconds to acknowledge and to resolve; how each route does.

    Of all incidents, or those that are wanted.
    """
    own = and_(Incident.organization_id == tx.organization, *_conditions(wanted or Wanted()))

    def seconds(column: Any) -> tuple[ColumnElement[Any], ColumnElement[int]]:
        return func.sum(func.extract("epoch", column - Incident.opened_at)), func.count(column)

    # One look at the rows for all of it: there may be many.
    words = (Incident.status, Incident.severity, Incident.category, Incident.predicted_route)
    sums = (*seconds(Incident.acknowledged_at), *seconds(Incident.resolved_at))
    rows = tx.session.execute(select(*words, func.count(), *sums).where(own).group_by(*words)).all()

    def count(place: int) -> dict[str, int]:
        found: Counter[str] = Counter()
        for row in rows:
            if row[place] is not None:
                found[str(row[place])] += row[len(words)]
        return dict(found)

    def mean(place: int) -> float | None:
        number = sum(row[place + 1] for row in rows)
        return round(float(sum(row[place] or 0 for row in rows)) / number, 1) if number else None

    by_route = count(3)
    triaged, by_memory = sum(by_route.values()), by_route.get(Route.MEMORY, 0)
    corrections = tx.session.scalar(
        select(func.count(func.distinct(Correction.incident_id)))
        .join(Incident, Incident.id == Correction.incident_id)
        .where(own, Correction.undone_at.is_(None))
    )
    return {
        "total": sum(row[len(words)] for row in rows),
        "by_status": count(0),
        "by_severity": count(1),
        "by_category": count(2),
        "by_route": by_route,
        "memory_share": round(by_memory / triaged, 3) if triaged else None,
        "model_calls_saved": by_memory,
        "routes": {str(route): asdict(routed) for route, routed in routes.read(tx, own).items()},
        "corrected": corrections or 0,
        "mean_seconds_to_acknowledge": mean(5),
        "mean_seconds_to_resolve": mean(7),
    }


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.status:
        conditions.append(Incident.status.in_(wanted.status))
    if wanted.severity is not None:
        conditions.append(Incident.severity == wanted.severity)
    if wanted.category is not None:
        conditions.append(Incident.category == wanted.category)
    if wanted.source is not None:
        conditions.append(Incident.source == wanted.source)
    if wanted.project is not None:
        conditions.append(Incident.project_id == wanted.project)
    if wanted.text:
        conditions.append(
            or_(
                Incident.title.icontains(wanted.text, autoescape=True),
                Incident.description.icontains(wanted.text, autoescape=True),
            )
        )
    if wanted.opened_from is not None:
        conditions.append(Incident.opened_at >= wanted.opened_from)
    if wanted.opened_to is not None:
        conditions.append(Incident.opened_at < wanted.opened_to)
    if wanted.before is not None:
        conditions.append(Incident.number < wanted.before)
    return conditions
