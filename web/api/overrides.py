"""…/overrides, /take, /swap and /calendar of a schedule: somebody else is on call than the layers say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import duty, people
from incidents.errors import IncidentError
from incidents.models import OverrideRow
from incidents.schedules import Override
from incidents.store import Transaction
from incidents.walltime import zone_named
from integrations import calendars
from integrations.calendars import Event
from web.api.actions import Name
from web.api.schedules import ScheduleShape, WhoShape, locked, schedule_shape, who
from web.api.times import Moment
from web.caller import actor
from web.desk import desk

COMING = timedelta(days=366)
"""So far ahead a calendar is read."""

api = APIBlueprint("overrides", __name__, tag="On call")


class OverrideBody(BaseModel):
    person: Annotated[str, Field(max_length=100)] = Field(description="name or id")
    begins: Moment
    ends: Moment
    by: Name = ""


class TakeBody(BaseModel):
    person: Annotated[str, Field(max_length=100)] = Field(description="who takes it: name or id")
    at: Moment | None = Field(None, description="any moment of the shift; the present one if left out")
    by: Name = ""


class SwapBody(BaseModel):
    one: Moment = Field(description="any moment of the one shift")
    other: Moment = Field(description="any moment of the other")
    by: Name = ""


class CalendarBody(BaseModel):
    calendar: Annotated[str, Field(max_length=500_000)] = Field(
        description="an iCalendar file (.ics) whose events are called by people's names"
    )
    by: Name = ""


class ImportedShape(BaseModel):
    shifts: int
    until: datetime | None = Field(description="when the last of them ends")


class OverrideShape(BaseModel):
    id: UUID
    person: WhoShape
    begins: datetime
    ends: datetime
    made_by: str
    made_at: datetime


class OverridesShape(BaseModel):
    overrides: list[OverrideShape]


@api.get("/api/v1/schedules/<schedule>/overrides")
@api.output(OverridesShape)
@api.doc(summary="The overrides that are not over, the one that was made last at the end")
def overrides(schedule: str) -> OverridesShape:
    with desk().store.begin() as tx:
        found = duty.overrides(tx, duty.find(tx, schedule), since=tx.now)
        return OverridesShape(overrides=[_override(tx, each) for each in found])


@api.post("/api/v1/schedules/<schedule>/overrides")
@api.input(OverrideBody, arg_name="body")
@api.output(OverrideShape, 201)
@api.doc(summary="Somebody else is on call in that time")
def override(schedule: str, body: OverrideBody) -> OverrideShape:
    with locked(schedule) as (tx, row):
        person = people.named(tx, body.person)
        made = duty.override(tx, row, person=person, begins=body.begins, ends=body.ends, by=actor(body.by).name)
        return _override(tx, made)


@api.delete("/api/v1/schedules/<schedule>/overrides/<override>")
@api.output({}, 204)
@api.doc(summary="Take an override back")
def take_back(schedule: str, override: str) -> tuple[str, int]:
    with locked(schedule) as (tx, row):
        duty.take_back(tx, row, override)
    return "", 204


@api.post("/api/v1/schedules/<schedule>/take")
@api.input(TakeBody, arg_name="body", example={"person": "Cy"})
@api.output(OverrideShape, 201)
@api.doc(summary="Somebody takes a shift, from now on when it has begun")
def take(schedule: str, body: TakeBody) -> OverrideShape:
    with locked(schedule) as (tx, row):
        person = people.named(tx, body.person)
        made = duty.take_over(tx, row, person=person, at=body.at or tx.now, by=actor(body.by).name)
        return _override(tx, made)


@api.post("/api/v1/schedules/<schedule>/swap")
@api.input(SwapBody, arg_name="body")
@api.output(OverridesShape, 201)
@api.doc(summary="Two people swap two shifts")
def swap(schedule: str, body: SwapBody) -> OverridesShape:
    with locked(schedule) as (tx, row):
        made = duty.swap(tx, row, one=body.one, other=body.other, by=actor(body.by).name)
        return OverridesShape(overrides=[_override(tx, each) for each in made])


@api.post("/api/v1/schedules/<schedule>/calendar-address")
@api.output(ScheduleShape)
@api.doc(summary="Give its calendar another address: the one before shows nothing any more")
def new_address(schedule: str) -> ScheduleShape:
    with locked(schedule) as (tx, row):
        duty.renew_feed(row)
        return schedule_shape(tx, row)


@api.post("/api/v1/schedules/<schedule>/calendar")
@api.input(CalendarBody, arg_name="body")
@api.output(ImportedShape, 201)
@api.doc(summary="Take the shifts of the coming year from a calendar, instead of those that one brought before")
def take_in(schedule: str, body: CalendarBody) -> ImportedShape:
    """They cover the layers; what people override, take or swap covers them."""
    with desk().store.begin() as tx:
        zone, since = zone_named(duty.find(tx, schedule).zone), tx.now
    # No transaction waits while this is read.
    events = calendars.read(body.calendar.encode(), since=since, until=since + COMING, zone=zone)
    with locked(schedule) as (tx, row):
        found = _by_people(tx, events)
        duty.take_in(tx, row, found, by=actor(body.by).name)
        return ImportedShape(shifts=len(found), until=max((shift.ends for shift in found), default=None))


def _by_people(tx: Transaction, events: Sequence[Event]) -> list[Override]:
    """Raises: IncidentError that names all whom nobody knows: half a calendar would leave gaps unseen."""
    known = {person.name.casefold(): person.id for person in people.everybody(tx)}
    strangers = sorted({event.title for event in events if event.title.casefold() not in known})
    if strangers:
        named = ", ".join(repr(each[:50]) for each in strangers[:5])
        raise IncidentError(
            f"Nobody is called {named}{' and others' if len(strangers) > 5 else ''}. "
            "Give each event the name of a person (GET /api/v1/members), or invite the people first."
        )
    return [Override(known[event.title.casefold()], event.begins, event.ends) for event in events if _lasts(event)]


def _lasts(event: Event) -> bool:
    return event.begins < event.ends


def _override(tx: Transaction, row: OverrideRow) -> OverrideShape:
    return OverrideShape(
        id=row.id,
        person=who(tx, row.responder_id),
        begins=row.begins,
        ends=row.ends,
        made_by=row.made_by,
        made_at=row.made_at,
    )
