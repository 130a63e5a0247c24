"""Shifts that end: what was like in them, and what goes on, is told in the schedule's channel by itself.

What is owed follows from what is seen: somebody else is on call than when it was looked last. So whatever people change
in a schedule at the last moment, each hand-over that came about is told once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from incidents import clock, duty, hand_over, listing
from incidents.hand_over import Report
from incidents.models import ScheduleRow, ShiftChange
from incidents.schedules import Shift
from incidents.store import Transaction, locked

NOTHING = "nothing"
"""The outcome of a change that there was nothing to tell of."""
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A hand-over to tell: the shift that ended, with who comes, in that channel."""

    channel: str
    report: Report


def tell_in(tx: Transaction, row: ScheduleRow, channel: str | None) -> None:
    """From now on the schedule's hand-overs are told there, nowhere when it is None. The schedule must be locked."""
    if channel is not None and row.hand_over_channel is None:
        _begin(tx, row)
    row.hand_over_channel = channel
    tx.session.flush()


def look(tx: Transaction) -> None:
    """Owe what is to be told by now. A schedule that somebody is changing is looked at the next time."""
    told = tx.select(ScheduleRow).where(ScheduleRow.hand_over_channel.is_not(None)).order_by(ScheduleRow.id)
    for row in tx.session.scalars(told.with_for_update(skip_locked=True, key_share=True)):
        _look(tx, row)


def told(tx: Transaction, change: UUID) -> Told | None:
    """What to tell of that change, as far as it is known now; None when nobody wants to hear of it any more."""
    row = tx.session.scalars(tx.select(ShiftChange).where(ShiftChange.id == change)).one_or_none()
    if row is None:
        return None
    schedule = tx.get(ScheduleRow, row.schedule_id)
    if schedule.hand_over_channel is None:
        return None
    shift = Shift(row.went, row.began, row.ended)
    return Told(schedule.hand_over_channel, hand_over.of_shift(tx, schedule, shift, next_=row.came))


def _look(tx: Transaction, row: ScheduleRow) -> None:
    last = _last(tx, row)
    since = min(last.at, tx.now)
    schedule = duty.loaded(tx, row, since=since)
    if schedule.on(tx.now) == last.came:
        return
    *_, shift = schedule.shifts(since, tx.now + _MOMENT)
    # Somebody who changes a schedule may change who had it until now as well; then it is from now on.
    at = shift.begins if shift.begins > since else tx.now
    ended = Shift(last.came, last.at, at)
    if last.done_at is None and last.attempts == 0:
        last.done_at, last.outcome = clock.real(tx.session), NOTHING  # Overtaken, and nobody heard of it.
        ended = Shift(last.went, last.began, last.ended)
        at = last.began if last.went == shift.person else at
    elif last.came is None and last.outcome == NOTHING:
        ended = Shift(last.went, last.began, last.ended if last.went else at)
    is_back = last.came is None and last.went == shift.person
    _write(tx, row, ended, shift.person, at=at, is_told=not is_back and _has_something_to_tell(tx, ended, shift.person))


def _has_something_to_tell(tx: Transaction, ended: Shift, came: UUID | None) -> bool:
    """Where nobody goes or nobody comes there is, as long as something is open."""
    if None in (ended.person, came):
        return ended.person != came and bool(listing.open_by_severity(tx, limit=1))
    return ended.person != came


def _write(tx: Transaction, row: ScheduleRow, ended: Shift, came: UUID | None, *, at: datetime, is_told: bool) -> None:
    real = clock.real(tx.session)
    change = ShiftChange(
        organization_id=tx.organization,
        schedule_id=row.id,
        went=ended.person,
        came=came,
        began=ended.begins,
        ended=ended.ends,
        at=at,
        next_at=real,
        done_at=None if is_told else real,
        outcome=None if is_told else NOTHING,
    )
    tx.session.add(change)
    tx.session.flush()


def _begin(tx: Transaction, row: ScheduleRow) -> None:
    """Whoever is on call now is no news."""
    present = duty.shift_at(tx, row, tx.now)
    until_now = Shift(present.person, present.begins, tx.now)
    _write(tx, row, until_now, present.person, at=present.begins, is_told=False)


def _last(tx: Transaction, row: ScheduleRow) -> ShiftChange:
    changes = tx.select(ShiftChange).where(ShiftChange.schedule_id == row.id).order_by(ShiftChange.n.desc()).limit(1)
    return tx.session.scalars(locked(changes)).one()
