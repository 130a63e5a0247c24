"""Silences: for a time nobody is paged about some incidents, which happen and are written down all the same.

A page that comes due in a silence waits for its end; what a person asks for goes out at once.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import String, cast

from incidents import organizations, paging
from incidents.errors import IncidentError, NotFound
from incidents.models import Incident, SilenceRow
from incidents.store import Transaction
from incidents.turns import FIRST_RUN
from incidents.words import Severity

LONGEST = timedelta(days=14)
AHEAD = timedelta(days=366)
MOST = 100
LOOK = "GET /api/v1/silences lists the silences."


@dataclass(frozen=True, slots=True)
class Held:
    """Paging waits until then; `silence` is the one that holds it first."""

    silence: SilenceRow
    until: datetime


def make(
    tx: Transaction,
    *,
    reason: str,
    begins: datetime,
    ends: datetime,
    severities: Collection[Severity],
    categories: Collection[str],
    by: str,
) -> SilenceRow:
    """Raises: IncidentError for a time that is over, too long or too far ahead, or a category that there is not."""
    if ends <= max(begins, tx.now):
        raise IncidentError("A silence ends after it begins, and not before now.")
    if ends - begins > LONGEST:
        raise IncidentError(f"A silence is {LONGEST.days} days at most. Make another one when that is over.")
    if begins > tx.now + AHEAD:
        raise IncidentError("A silence begins within a year.")
    organizations.demand_categories(tx, categories)
    if len(to_come(tx)) >= MOST:
        raise IncidentError(f"There are {MOST} silences that are not over. End one first.")
    row = SilenceRow(
        organization_id=tx.organization,
        reason=reason,
        begins=begins,
        ends=ends,
        severities=sorted(severities),
        categories=sorted(set(categories)),
        made_at=tx.now,
        made_by=by,
    )
    tx.session.add(row)
    tx.session.flush()
    return row


def to_come(tx: Transaction, *, lock: bool = False) -> Sequence[SilenceRow]:
    """Those that hold now, or will. With `lock` nobody ends one of them before this transaction does."""
    query = tx.select(SilenceRow).where(SilenceRow.ends > tx.now, SilenceRow.ended_at.is_(None))
    query = query.order_by(SilenceRow.begins, SilenceRow.id)
    if lock:
        query = query.with_for_update(read=True).execution_options(populate_existing=True)
    return tx.session.scalars(query).all()


def end(tx: Transaction, id: str, *, by: str) -> SilenceRow:
    """It holds nothing any more, and what it held goes out now. Done again, it changes nothing. Raises: NotFound."""
    row = tx.session.scalars(tx.select(SilenceRow).where(cast(SilenceRow.id, String) == id.lower())).one_or_none()
    if row is None:
        raise NotFound(f"There is no silence {id[:70]!r}.", look=LOOK)
    if row.ended_at is None and row.ends > tx.now:
        row.ended_at, row.ended_by = tx.now, by
        tx.session.flush()  # Locked: whoever is about to hold a page has done so, or sees that this is over.
        paging.look_at_all_again(tx, locks_members=False)
    return row


def over(*, severity: Severity, category: str | None, at: datetime, rows: Sequence[SilenceRow]) -> Held | None:
    """What of these holds the pages of such an incident at that time; those that follow each other hold as one."""
    covering = [row for row in rows if _covers(row, severity, category)]
    until, first = at, None
    while (row := next((each for each in covering if each.begins <= until < each.ends), None)) is not None:
        until, first = row.ends, first or row
    return None if first is None else Held(first, until)


def delaying(tx: Transaction) -> Callable[[Incident, datetime], datetime]:
    """When a call of the ladder that is due at some time is made. Asks the database when it is asked first."""

    @cache
    def rows() -> Sequence[SilenceRow]:
        return to_come(tx)

    def later(incident: Incident, due: datetime) -> datetime:
        if incident.paging_run > FIRST_RUN:
            return due
        held = over(severity=incident.severity, category=incident.category, at=max(due, tx.now), rows=rows())
        return due if held is None else held.until

    return later


def _covers(row: SilenceRow, severity: Severity, category: str | None) -> bool:
    return severity in row.severities and (not row.categories or category in row.categories)
