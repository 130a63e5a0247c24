"""Posts that are owed by rows of their own, as jobs are: jobs belong to incidents, and these to none."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from incidents import clock
from incidents.claims import backoff
from incidents.models.base import OwedPost

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Telling:
    """A post in the hands of one process. `unsettled` is when it was first tried and nobody knows how that ended."""

    id: uuid.UUID
    attempts: int
    unsettled: datetime | None


def take(session: Session, table: type[OwedPost]) -> Telling | None:
    """What is to be posted now; commit before posting. None when there is nothing."""
    real = clock.real(session)
    owed = select(table).where(table.done_at.is_(None), table.next_at <= real).order_by(table.next_at).limit(1)
    row = session.scalars(owed.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    unsettled, row.begun_at = row.begun_at, row.begun_at or real
    row.next_at, row.attempts = real + LEASE, row.attempts + 1
    return Telling(row.id, row.attempts, unsettled)


def finish(session: Session, table: type[OwedPost], telling: Telling, *, outcome: str) -> None:
    """What it was about may have been removed meanwhile, and the row with it."""
    row = session.get(table, telling.id)
    if row is not None:
        row.done_at, row.outcome = clock.real(session), outcome


def postpone(
    session: Session, table: type[OwedPost], telling: Telling, *, wait: timedelta | None, settled: bool
) -> None:
    """Again later. `settled` says that this attempt is known to have had no effect."""
    row = session.get(table, telling.id)
    if row is None:
        return
    row.next_at = clock.real(session) + (wait or backoff(telling.attempts))
    if settled:
        row.begun_at = telling.unsettled
