"""What a shift was like, and what whoever comes next should know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from incidents import duty, listing, people
from incidents.models import Call, Incident, ScheduleRow
from incidents.people import Known
from incidents.schedules import Shift
from incidents.store import Transaction

MOST_OPEN = 25


@dataclass(frozen=True, slots=True)
class Report:
    """One shift of a schedule, as far as it has gone; `person` is None where nobody was on call.

    `calls` are those to the person, `taken` and `resolved` what the person acknowledged and resolved, `opened` all that
    was reported, and `to_take` the median time from a report to its acknowledgement by the person. `next` takes over
    when the shift ends. `open` is what is not over now, the worst first.
    """

    schedule: ScheduleRow
    person: Known | None
    begins: datetime
    ends: datetime
    calls: int
    opened: int
    taken: int
    resolved: int
    to_take: timedelta | None
    next: Known | None
    open: Sequence[Incident]


def report(tx: Transaction, row: ScheduleRow, *, at: datetime) -> Report:
    """Of the shift in which that moment lies."""
    shift = duty.shift_at(tx, row, at)
    return of_shift(tx, row, shift, next_=duty.shift_at(tx, row, shift.ends).person)


def of_shift(tx: Transaction, row: ScheduleRow, shift: Shift, *, next_: UUID | None) -> Report:
    """Of that shift, after which that person takes over."""
    person = None if shift.person is None else people.remembered(tx, shift.person)
    taken = _times_to_take(tx, shift, person)
    return Report(
        schedule=row,
        person=person,
        begins=shift.begins,
        ends=shift.ends,
        calls=_calls(tx, shift),
        opened=_count(tx, *_within(Incident.opened_at, shift)),
        taken=len(taken),
        resolved=0 if person is None else _resolved(tx, shift, person),
        to_take=timedelta(seconds=median(each.total_seconds() for each in taken)) if taken else None,
        next=None if next_ is None else people.remembered(tx, next_),
        open=listing.open_by_severity(tx, limit=MOST_OPEN),
    )


def has(person: Known | None, incident: Incident) -> bool:
    """Whether it is that person who has the incident."""
    if person is None or incident.acknowledged_by is None:
        return False
    if incident.acknowledged_slack is not None:
        return incident.acknowledged_slack == person.slack_user
    return incident.acknowledged_by == person.name


def _calls(tx: Transaction, shift: Shift) -> int:
    called = tx.select(Call).where(Call.responder_id == shift.person, *_within(Call.placed_at, shift))
    return len(tx.session.scalars(called).all())


def _times_to_take(tx: Transaction, shift: Shift, person: Known | None) -> list[timedelta]:
    if person is None:
        return []
    by = _is(Incident.acknowledged_slack, Incident.acknowledged_by, person)
    took = tx.select(Incident).where(by, *_within(Incident.acknowledged_at, shift))
    return [(row.acknowledged_at or row.opened_at) - row.opened_at for row in tx.session.scalars(took)]


def _resolved(tx: Transaction, shift: Shift, person: Known) -> int:
    by = _is(Incident.resolved_slack, Incident.resolved_by, person)
    return _count(tx, by, *_within(Incident.resolved_at, shift))


def _count(tx: Transaction, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Incident).where(Incident.organization_id == tx.organization, *conditions)
    return tx.session.scalar(query) or 0


def _is(slack_user: Any, name: Any, person: Known) -> ColumnElement[bool]:
    """Whether those columns mean that person: by the Slack user, or by the name where there is none."""
    by_name = and_(slack_user.is_(None), name == person.name)
    return by_name if person.slack_user is None else or_(slack_user == person.slack_user, by_name)


def _within(moment: Any, shift: Shift) -> tuple[ColumnElement[bool], ...]:
    return (moment >= shift.begins, moment < shift.ends)
