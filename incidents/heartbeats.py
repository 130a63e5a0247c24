"""Heartbeats: each part that keeps promises says every few seconds that it works."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from incidents.models import Heartbeat

SWEEP, PAGE, TRIAGE, DEFAULT = PARTS = ("sweep", "worker-page", "worker-triage", "worker-default")
EVERY_SECONDS = 5.0


def beat(session: Session, part: str) -> None:
    """The part works at this moment; of several processes of that part one is enough."""
    row = insert(Heartbeat).values(part=part, at=func.clock_timestamp())
    session.execute(row.on_conflict_do_update(index_elements=["part"], set_={"at": func.clock_timestamp()}))


def silent(session: Session, *, longer_than: timedelta) -> Sequence[str]:
    """The parts that did not beat for so long, or never."""
    heard = select(Heartbeat.part).where(Heartbeat.at > func.clock_timestamp() - longer_than)
    known = set(session.scalars(heard))
    return [part for part in PARTS if part not in known]


def ages(session: Session) -> dict[str, float]:
    """Seconds since each part's last beat."""
    age = func.extract("epoch", func.clock_timestamp() - Heartbeat.at)
    return {part: float(seconds) for part, seconds in session.execute(select(Heartbeat.part, age))}
