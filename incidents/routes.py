"""How well each route of triage does: how fast, how often people correct it, and whether its confidence is true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from incidents.models import Incident
from incidents.store import Transaction
from incidents.words import Route

BOUNDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Between the bins of confidence. Most answers are above 0.9, where it matters whether they are right."""
RECENT = timedelta(hours=1)

_ROUTE = Incident.predicted_route
_SECONDS = func.extract("epoch", Incident.triaged_at - Incident.opened_at)
_CORRECTED = func.count().filter(Incident.category.is_distinct_from(Incident.predicted_category))


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers with a confidence of at least `least` and less than `most`; of 1 those in the last bin too."""

    least: float
    most: float
    count: int
    mean_confidence: float
    not_corrected: float


@dataclass(frozen=True, slots=True)
class Routed:
    """Seconds are from the report to the verdict. `corrected`: a person says another category, and that stands.

    What a person decided has no verdict, and so no seconds.
    """

    count: int
    share: float
    p50_seconds: float | None
    p95_seconds: float | None
    corrected: int
    reliability: Sequence[Bin] = ()


def read(tx: Transaction, which: ColumnElement[bool]) -> dict[Route, Routed]:
    """Of the organization's incidents that `which` allows. `human`: a person's category counts, whatever was before."""
    answered = and_(which, _ROUTE.is_not(None))
    p50, p95 = (func.percentile_cont(quantile).within_group(_SECONDS) for quantile in (0.5, 0.95))
    query = select(_ROUTE, func.count(), p50, p95, _CORRECTED).where(answered).group_by(_ROUTE)
    rows = tx.session.execute(query).all()
    total = sum(count for _, count, *_ in rows)
    bins = _reliability(tx, answered)
    found = {
        route: Routed(count, round(count / total, 3), _rounded(half), _rounded(most), corrected, bins.get(route, ()))
        for route, count, half, most, corrected in rows
    }
    people = tx.session.scalar(select(func.count()).where(which, Incident.route == Route.HUMAN)) or 0
    if people:
        found[Route.HUMAN] = Routed(people, round(people / max(total, people), 3), None, None, 0)
    return found


def _reliability(tx: Transaction, answered: ColumnElement[bool]) -> dict[Route, list[Bin]]:
    place = func.width_bucket(Incident.confidence, array(BOUNDS)).label("place")
    query = (
        select(_ROUTE, place, func.count(), func.avg(Incident.confidence), _CORRECTED)
        .where(answered, Incident.confidence.is_not(None))
        .group_by(_ROUTE, place)
        .order_by(_ROUTE, place)
    )
    edges = (0.0, *BOUNDS, 1.0)
    found: dict[Route, list[Bin]] = {}
    for route, at, count, mean, corrected in tx.session.execute(query):
        kept = round(1 - corrected / count, 4)
        found.setdefault(route, []).append(Bin(edges[at], edges[at + 1], count, round(float(mean), 4), kept))
    return found


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(float(seconds), 2)


@dataclass(frozen=True, slots=True)
class Lately:
    """`quantiles` are seconds from report to verdict, by the quantile."""

    route: Route
    count: int
    quantiles: dict[str, float]


def lately(session: Session) -> list[Lately]:
    """Of all organizations' reports of the last hour; for a session that sees them."""
    asked = (0.5, 0.95, 1.0)
    quantiles = func.percentile_cont(array(asked)).within_group(_SECONDS)
    query = select(_ROUTE, func.count(), quantiles).where(
        Incident.opened_at > func.store_now() - RECENT, _ROUTE.is_not(None), Incident.triaged_at.is_not(None)
    )
    return [
        Lately(route, count, {str(quantile): float(each) for quantile, each in zip(asked, seconds, strict=True)})
        for route, count, seconds in session.execute(query.group_by(_ROUTE))
    ]
