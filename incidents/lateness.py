"""How late jobs were begun and done, counted once for each attempt into histograms that only grow."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from incidents.models import Incident, Lateness, TimelineEntry
from incidents.words import Severity

BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
"""Upper bounds in seconds, in the store's time; what is later is in one more cell."""
AT_ONCE = 5000
RECENT = timedelta(hours=1)
MOST_RECENT = 2000

# An attempt that ended together with a later one of the same job is not what did it.
COUNT = text(
    """
WITH ended AS (
    UPDATE attempts SET measured = true WHERE id IN (
        SELECT id FROM attempts WHERE NOT measured AND ended_at IS NOT NULL
        ORDER BY ended_at LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id, job_id, n, due, started_at, ended_at, outcome
), measured AS (
    SELECT jobs.kind, 'begun' AS stage, greatest(extract(epoch FROM ended.started_at - ended.due), 0) AS seconds
    FROM ended JOIN jobs ON jobs.id = ended.job_id WHERE ended.due IS NOT NULL
    UNION ALL
    SELECT jobs.kind, 'done', greatest(extract(epoch FROM ended.ended_at - ended.due), 0)
    FROM ended JOIN jobs ON jobs.id = ended.job_id
    WHERE ended.due IS NOT NULL AND ended.outcome = 'done' AND NOT EXISTS (
        SELECT 1 FROM attempts later
        WHERE later.job_id = ended.job_id AND later.n > ended.n AND later.ended_at = ended.ended_at)
), counted AS (
    INSERT INTO lateness (kind, stage, cell, count, seconds)
    SELECT kind, stage, width_bucket(seconds::float8, CAST(:buckets AS float8[])), count(*), sum(seconds)
    FROM measured GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (kind, stage, cell) DO UPDATE
    SET count = lateness.count + excluded.count, seconds = lateness.seconds + excluded.seconds
)
SELECT count(*) FROM ended
"""
)


@dataclass(frozen=True, slots=True)
class Series:
    """`cells` are the counts by bucket, with the one beyond the last; `seconds` is their sum."""

    kind: str
    stage: str
    cells: Sequence[int]
    seconds: float


def count_ended(session: Session) -> int:
    """Count the attempts that ended since, at most `AT_ONCE`; how many there were."""
    counted: int = session.execute(COUNT, {"limit": AT_ONCE, "buckets": list(BUCKETS)}).scalar_one()
    return counted


def read(session: Session) -> list[Series]:
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(BUCKETS) + 1))
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in session.scalars(select(Lateness).order_by(Lateness.kind, Lateness.stage)):
        cells[row.kind, row.stage][row.cell] = row.count
        sums[row.kind, row.stage] += row.seconds
    return [Series(kind, stage, counts, sums[kind, stage]) for (kind, stage), counts in cells.items()]


def report_to_call(session: Session) -> dict[str, float]:
    """Seconds from a HIGH report to its first call: the quantiles 0.5, 0.95 and 1 of the last hour's reports."""
    recent = (
        select(Incident.id, Incident.opened_at)
        .where(Incident.reported_severity == Severity.HIGH, Incident.opened_at > func.store_now() - RECENT)
        .order_by(Incident.opened_at.desc())
        .limit(MOST_RECENT)
        .subquery()
    )
    called = select(func.min(TimelineEntry.at)).where(
        TimelineEntry.incident_id == recent.c.id, TimelineEntry.kind == "paged"
    )
    each = select(func.extract("epoch", called.scalar_subquery() - recent.c.opened_at).label("seconds")).subquery()
    asked = (0.5, 0.95, 1.0)
    row = session.execute(
        select(*(func.percentile_disc(quantile).within_group(each.c.seconds) for quantile in asked))
    ).one()
    return {str(quantile): float(seconds) for quantile, seconds in zip(asked, row, strict=True) if seconds is not None}
