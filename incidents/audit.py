"""The audit: what was found stands in one row, so that every process says the same, and admins are told once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from incidents import clock, findings
from incidents.findings import ADVICE, SAYS, Kind
from incidents.models import AuditState

EVERY = timedelta(seconds=5)
FRESH = timedelta(seconds=15)
STANDS = timedelta(seconds=10)
"""A finding counts when it has stood for so long: a clock that is moved, or a start after a night off, is no harm."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding and for how long it has stood. `counts` is False in its first seconds and for what is no trouble."""

    kind: Kind
    count: int
    example: str
    since: datetime
    counts: bool

    @property
    def text(self) -> str:
        """What is wrong and what to do, in plain words."""
        says = SAYS[self.kind]
        return f"{says[0].upper()}{says[1:]}: {self.count} ({self.example}). {ADVICE[self.kind]}"


@dataclass(frozen=True, slots=True)
class Audit:
    """The last audit. `age` is how long ago it was; a stale one says nothing of the present."""

    at: datetime
    age: timedelta
    findings: tuple[Standing, ...]
    bad_at: datetime | None

    @property
    def bad(self) -> bool:
        return any(finding.counts for finding in self.findings)

    @property
    def fresh(self) -> bool:
        return self.age < FRESH

    @property
    def ok(self) -> bool:
        return self.fresh and not self.bad


def once(session: Session, *, every: timedelta = EVERY) -> Audit | None:
    """Look at everything and write down what was found; None when another process does or did it just now."""
    real = clock.real(session)
    first = {"audited_at": real - timedelta(days=1), "findings": [], "pings_sent": 0, "pings_failed": 0}
    session.execute(insert(AuditState).values(one=True, **first).on_conflict_do_nothing())
    row = session.scalars(
        select(AuditState).where(AuditState.audited_at <= real - every).with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    # What was found too long ago has not been watched meanwhile.
    watched = real - row.audited_at < FRESH
    since = {each["kind"]: datetime.fromisoformat(each["since"]) for each in row.findings if watched}
    row.findings = [
        {
            "kind": finding.kind,
            "count": finding.count,
            "example": finding.example,
            "since": since.get(finding.kind, real).isoformat(),
        }
        for finding in findings.find(session)
    ]
    row.audited_at = real
    seen = _read(row, real)
    if seen.bad:
        row.bad_at = real
    session.flush()
    return _read(row, real)


def last(session: Session) -> Audit | None:
    """What the last audit found; None when there was none yet."""
    row = session.scalars(select(AuditState)).one_or_none()
    return None if row is None else _read(row, clock.real(session))


def _read(row: AuditState, real: datetime) -> Audit:
    standing = []
    for each in row.findings:
        kind, since = Kind(each["kind"]), datetime.fromisoformat(each["since"])
        counts = kind.bad and row.audited_at - since >= STANDS
        standing.append(Standing(kind, each["count"], each["example"], since, counts))
    return Audit(row.audited_at, real - row.audited_at, tuple(standing), row.bad_at)


def ping_is_due(session: Session, *, every: timedelta) -> bool:
    """Whether to tell the outside that all is well, now; of several processes one is told yes."""
    found = last(session)
    if found is None or not found.ok:
        return False
    due = or_(AuditState.pinged_at.is_(None), AuditState.pinged_at <= func.clock_timestamp() - every)
    claimed = update(AuditState).where(due).values(pinged_at=func.clock_timestamp()).returning(AuditState.one)
    return session.scalars(claimed).one_or_none() is not None


def pinged(session: Session, *, heard: bool) -> None:
    """Count a ping that was sent, and whether it was heard."""
    counted = {"pings_sent": AuditState.pings_sent + 1} if heard else {"pings_failed": AuditState.pings_failed + 1}
    session.execute(update(AuditState).values(counted))


def pings(session: Session) -> dict[str, int]:
    row = session.scalars(select(AuditState)).one_or_none()
    return {"sent": row.pings_sent, "failed": row.pings_failed} if row else {"sent": 0, "failed": 0}
