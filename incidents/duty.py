"""The organization's schedules: made, changed and overridden by people; who is on call now, and who next."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, delete, or_, select
from sqlalchemy.orm import Session

from incidents import groups, layers, organizations, people, policies
from incidents.errors import IncidentError, NotFound
from incidents.models import OverrideRow, ScheduleRow
from incidents.people import Known
from incidents.policies import Named
from incidents.policy import Policy, Target
from incidents.ports import Group
from incidents.roles import Role
from incidents.schedules import Layer, Override, Schedule, Shift
from incidents.store import Transaction, locked
from incidents.walltime import zone_kept, zone_named

UTC = ZoneInfo("UTC")
LONGEST_LOOK = timedelta(days=366)
NEXT_WITHIN = timedelta(days=35)
"""Who is next is looked for so far ahead: a month's turn, and a little more."""
MOST_SCHEDULES = 200
LOOK = "GET /api/v1/schedules lists the schedules."
NOBODY_IS_ON_CALL = "nobody is on call"
ASKED = "schedules"
"""Where a session keeps what was read in its transaction."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on call in a schedule. `until` ends the present shift, or the gap when `now` is None.

    `next` begins then, or later when a gap is first; None when nobody is next for a month.
    """

    schedule: ScheduleRow
    now: Known | None
    until: datetime | None
    next: Known | None
    next_from: datetime | None


def make(tx: Transaction, *, name: str, zone: str, layers_: Sequence[Layer]) -> ScheduleRow:
    """A new schedule. Raises: IncidentError when the name is taken, the zone is none, or somebody is not known."""
    organizations.lock(tx)
    known = all_of(tx)
    if len(known) >= MOST_SCHEDULES:
        raise IncidentError(f"There are {MOST_SCHEDULES} schedules already, and no more are kept. Remove one first.")
    _unused(known, name)
    row = ScheduleRow(
        organization_id=tx.organization,
        name=name,
        zone=zone_named(zone).key,
        layers=_kept(tx, layers_),
        feed=_secret(),
        made_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    return row


def change(tx: Transaction, row: ScheduleRow, *, name: str, zone: str, layers_: Sequence[Layer]) -> None:
    """It is like that from now on; overrides stay. Raises: IncidentError, as `make`."""
    organizations.lock(tx)
    _unused([each for each in all_of(tx) if each.id != row.id], name)
    row.name, row.zone, row.layers = name, zone_named(zone).key, _kept(tx, layers_)


def renew_feed(row: ScheduleRow) -> None:
    """Whoever knew the address of its calendar before reads nothing there any more."""
    row.feed = _secret()


def remove(tx: Transaction, row: ScheduleRow) -> None:
    """Raises: IncidentError when the policy calls whoever is on call in it."""
    for named in policies.now(tx):
        if any(target is not None and target.schedule == row.id for target in Policy.of(named.definition).targets):
            raise IncidentError(f"{row.name} is called by {_the(named)}. Change that first.")
    tx.session.delete(row)
    tx.session.flush()


def all_of(tx: Transaction) -> Sequence[ScheduleRow]:
    return tx.session.scalars(tx.select(ScheduleRow).order_by(ScheduleRow.name)).all()


def find(tx: Transaction, name: str, *, lock: bool = False) -> ScheduleRow:
    """By its id or its name. Raises: NotFound."""
    query = tx.select(ScheduleRow).where(or_(ScheduleRow.name == name, cast(ScheduleRow.id, String) == name.lower()))
    found = tx.session.scalars(locked(query) if lock else query).first()
    if found is None:
        raise NotFound(f"There is no schedule {name[:70]!r}.", look=LOOK)
    return found


def by_feed(session: Session, feed: str) -> ScheduleRow | None:
    """The schedule, of any organization, that this secret opens."""
    return session.scalars(select(ScheduleRow).where(ScheduleRow.feed == feed)).one_or_none()


def loaded(tx: Transaction, row: ScheduleRow, *, since: datetime) -> Schedule:
    """What it says from then on. In a zone that is known no more, layers mean nothing."""
    zone = zone_kept(row.zone)
    return Schedule(
        zone=zone or UTC,
        layers=() if zone is None else tuple(layers.read(layer) for layer in row.layers),
        overrides=tuple(
            Override(each.responder_id, each.begins, each.ends) for each in overrides(tx, row, since=since)
        ),
    )


def overrides(tx: Transaction, row: ScheduleRow, *, since: datetime) -> Sequence[OverrideRow]:
    """Those that end later, the one that counts most at the end."""
    query = tx.select(OverrideRow).where(OverrideRow.schedule_id == row.id, OverrideRow.ends > since)
    return tx.session.scalars(query.order_by(OverrideRow.imported.desc(), OverrideRow.n)).all()


def override(
    tx: Transaction, row: ScheduleRow, *, person: Known, begins: datetime, ends: datetime, by: str
) -> OverrideRow:
    """That person is on call in that time, whoever it would be. Raises: IncidentError when that is no time to come."""
    if ends <= begins:
        raise IncidentError("An override ends after it begins.")
    if ends <= tx.now:
        raise IncidentError("An override that is over changes nothing. Choose an end that is to come.")
    if ends - begins > LONGEST_LOOK:
        raise IncidentError("An override is a year at most. Change the schedule instead.")
    people.demand_present(tx, person.id)
    made = OverrideRow(
        organization_id=tx.organization,
        schedule_id=row.id,
        responder_id=person.id,
        begins=begins,
        ends=ends,
        made_at=tx.now,
        made_by=by,
    )
    tx.session.add(made)
    tx.session.flush()
    return made


def take_in(tx: Transaction, row: ScheduleRow, shifts_: Sequence[Override], *, by: str) -> None:
    """These shifts of a calendar instead of those that one brought before. What people overrode stays."""
    for person in {shift.person for shift in shifts_}:
        people.demand_present(tx, person)
    earlier = delete(OverrideRow).where(OverrideRow.schedule_id == row.id, OverrideRow.imported)
    tx.session.execute(earlier.where(OverrideRow.organization_id == tx.organization))
    made = {"organization_id": tx.organization, "schedule_id": row.id, "made_at": tx.now, "made_by": by}
    tx.session.add_all(
        OverrideRow(**made, imported=True, responder_id=shift.person, begins=shift.begins, ends=shift.ends)
        for shift in shifts_
    )
    tx.session.flush()


def take_back(tx: Transaction, row: ScheduleRow, override: str) -> None:
    """It is as if it had never been made. Raises: NotFound."""
    made = next((each for each in overrides(tx, row, since=tx.now) if str(each.id) == override), None)
    if made is None:
        raise NotFound(
            f"{row.name} has no such override that is not over.",
            look=f"GET /api/v1/schedules/{row.id}/overrides lists them.",
        )
    tx.session.delete(made)


def take_over(tx: Transaction, row: ScheduleRow, *, person: Known, at: datetime, by: str) -> OverrideRow:
    """That person has the shift of that moment, from now on when it has begun. Raises: IncidentError."""
    shift = shift_at(tx, row, at)
    if shift.person == person.id:
        raise IncidentError(f"{person.name} has that shift already.")
    return override(tx, row, person=person, begins=max(shift.begins, tx.now), ends=shift.ends, by=by)


def swap(tx: Transaction, row: ScheduleRow, *, one: datetime, other: datetime, by: str) -> Sequence[OverrideRow]:
    """Whoever has the shift of the one moment has that of the other, and the other way round. Raises: IncidentError."""
    first, second = shift_at(tx, row, one), shift_at(tx, row, other)
    if first.person is None or second.person is None:
        raise IncidentError("Nobody has one of the two shifts. Make an override instead.")
    if first.person == second.person:
        raise IncidentError("One person has both shifts, so there is nothing to swap.")
    giving, taking = people.known(tx, first.person), people.known(tx, second.person)
    return [
        override(tx, row, person=taking, begins=max(first.begins, tx.now), ends=first.ends, by=by),
        override(tx, row, person=giving, begins=max(second.begins, tx.now), ends=second.ends, by=by),
    ]


def shift_at(tx: Transaction, row: ScheduleRow, at: datetime) -> Shift:
    """The whole shift, or gap, in which that moment lies, as far as a month to both sides shows it."""
    since, until = at - NEXT_WITHIN, at + NEXT_WITHIN
    return next(shift for shift in loaded(tx, row, since=since).shifts(since, until) if shift.begins <= at < shift.ends)


def duty(tx: Transaction, row: ScheduleRow) -> Duty:
    """Who is on call at the transaction's now."""
    shifts = loaded(tx, row, since=tx.now).shifts(tx.now, tx.now + NEXT_WITHIN)
    present = next(shifts)
    following = next((shift for shift in shifts if shift.person is not None), None)
    return Duty(
        schedule=row,
        now=_person(tx, present.person),
        until=present.ends if present.ends < tx.now + NEXT_WITHIN else None,
        next=_person(tx, following.person) if following else None,
        next_from=following.begins if following else None,
    )


def whom(tx: Transaction, target: Target, at: datetime) -> Sequence[Known]:
    """Whom that step calls at that time, several by turns; empty when nobody is on call then."""
    if target.group is not None:
        group = groups.with_id(tx, target.group)
        return [] if group is None else groups.members(tx, group)
    person = target.person
    if target.schedule is not None:
        found = _asked(tx, target.schedule, at)
        person = None if found is None else found.schedule.on(at)
    present = None if person is None else people.with_id(tx, person)
    return [] if present is None else [present]


def keep(tx: Transaction, targets: Sequence[Target | None]) -> None:
    """Nobody changes the schedules among them, nor overrides them, before this transaction ends; they are read anew."""
    wanted = [target.schedule for target in targets if target is not None and target.schedule is not None]
    query = tx.select(ScheduleRow).where(ScheduleRow.id.in_(wanted)).order_by(ScheduleRow.id)
    if wanted:
        tx.session.scalars(query.with_for_update(read=True).execution_options(populate_existing=True)).all()
    tx.session.info.pop(ASKED, None)


def next_change(tx: Transaction, target: Target, since: datetime, until: datetime) -> datetime | None:
    """When, between the two, somebody else is the one whom that step calls; None when nothing changes."""
    found = None if target.schedule is None else _asked(tx, target.schedule, since)
    shifts = () if found is None else found.schedule.shifts(since, until)
    return next((shift.begins for shift in shifts if shift.begins > since), None)


def places(tx: Transaction, person: UUID) -> list[str]:
    """The schedules, groups and policies that say that the person is to be called, now or later."""
    kept = policies.now(tx)
    found = []
    for row in all_of(tx):
        by_turns = any(person in layers.read(layer).people for layer in row.layers)
        if by_turns or any(each.responder_id == person for each in overrides(tx, row, since=tx.now)):
            found.append(f"the schedule {row.name}")
    called = [group for id in groups.named(kept) if (group := groups.with_id(tx, id)) is not None]
    found += [f"the group @{each.handle}" for each in called if _calls(tx, each, person)]
    named = [each for each in kept if any(_is(target, person) for target in Policy.of(each.definition).targets)]
    return [*found, *map(_the, named)]


def _calls(tx: Transaction, group: Group, person: UUID) -> bool:
    """Whoever may not be called by their role is not missed."""
    return any(each.id == person and each.role.may(Role.RESPONDER) for each in groups.members(tx, group))


def _is(target: Target | None, person: UUID) -> bool:
    return target is not None and target.person == person


def _the(policy: Named) -> str:
    return "the policy" if policy.id is None else f"the policy {policy.name}"


def is_gone(tx: Transaction, target: Target) -> bool:
    """Whether the schedule or the group was removed, or the person, or may not be called any more by their role:
    incidents keep the policy that they were opened with.
    """
    if target.schedule is not None:
        return _asked(tx, target.schedule, tx.now) is None
    if target.group is not None:
        return groups.with_id(tx, target.group) is None
    person = None if target.person is None else people.with_id(tx, target.person)
    return person is None or not person.role.may(Role.RESPONDER)


def why_nobody(tx: Transaction, target: Target | None, at: datetime) -> str:
    """Why a step with that target has nobody to call at that time."""
    if target is None or is_gone(tx, target):
        return "; ".join(each.why_not_called or "" for each in people.on_call(tx)) or NOBODY_IS_ON_CALL
    whys = [person.why_not_called for person in whom(tx, target, at) if person.why_not_called is not None]
    if whys:
        return "; ".join(whys)
    if target.group is not None:
        group = groups.with_id(tx, target.group)
        return f"nobody of @{group.handle} is a member here" if group else NOBODY_IS_ON_CALL
    found = None if target.schedule is None else _asked(tx, target.schedule, at)
    return f"nobody is on call in {found.name}" if found else NOBODY_IS_ON_CALL


def on_duty(tx: Transaction) -> Sequence[Known]:
    """Whom the default policy would call now, in the order of its steps; the list where a step names nobody."""
    return _would_call(tx, Policy.of(tx.own.policy))


def _would_call(tx: Transaction, policy: Policy) -> Sequence[Known]:
    found: list[Known] = []
    for target in policy.targets:
        if target is None or is_gone(tx, target):
            found += people.on_call(tx)
        else:
            found += whom(tx, target, tx.now)
    return list({person.id: person for person in found}.values())


def expected(tx: Transaction) -> Sequence[Known]:
    """Everybody who is on the list or whom a policy would call now, also those who cannot be called."""
    called = (person for named in policies.all_of(tx) for person in _would_call(tx, Policy.of(named.definition)))
    return list({person.id: person for person in (*people.on_call(tx), *called)}.values())


def not_called(tx: Transaction) -> list[str]:
    """Why some of those who are expected to be called, now or by a group, are not."""
    whys = [person.why_not_called for person in expected(tx)]
    return [*(why for why in whys if why is not None), *groups.troubles(tx)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A schedule as it was read in this transaction, with what holds from some moment on."""

    name: str
    schedule: Schedule
    since: datetime


def _asked(tx: Transaction, id: UUID, at: datetime) -> _Asked | None:
    """The schedule, read once in a transaction; None when there is none, or when its zone is known no more: then the
    list is called, and the audit tells of it. Not for whoever changes it.
    """
    read: dict[UUID, _Asked | None] = tx.session.info.setdefault(ASKED, {})
    if id not in read or ((found := read[id]) is not None and at < found.since):
        row = tx.session.scalars(tx.select(ScheduleRow).where(ScheduleRow.id == id)).one_or_none()
        since = min(at, tx.now)
        is_gone = row is None or zone_kept(row.zone) is None
        read[id] = None if row is None or is_gone else _Asked(row.name, loaded(tx, row, since=since), since)
    return read[id]


def _person(tx: Transaction, person: UUID | None) -> Known | None:
    return None if person is None else people.remembered(tx, person)


def _secret() -> str:
    return secrets.token_urlsafe(24)


def _unused(known: Sequence[ScheduleRow], name: str) -> None:
    if any(each.name.casefold() == name.casefold() for each in known):
        raise IncidentError(f"There is a schedule {name!r} already. Choose another name.")


def _kept(tx: Transaction, wanted: Sequence[Layer]) -> list[layers.Json]:
    for layer in wanted:
        for person in layer.people:
            people.demand_present(tx, person)
    return [layers.written(layer) for layer in wanted]
