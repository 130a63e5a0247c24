"""/api/v1/schedules: who is on call when, with gaps; and /api/v1/oncall: who is now."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, model_validator

from incidents import duty, layers, paging, people, shift_changes
from incidents.duty import Duty
from incidents.models import ScheduleRow
from incidents.people import Known
from incidents.roles import Role
from incidents.schedules import Layer, Rotation, Shift, Unit
from incidents.store import Transaction
from web.api.texts import AddressedName, ChannelId
from web.api.times import Moment, Wall
from web.api.windows import WindowShape
from web.caller import caller
from web.conflicts import CONFLICT, conflicts
from web.desk import desk
from web.refusal import Refusal

MOST_LAYERS, MOST_PEOPLE, MOST_WINDOWS, LONGEST_TURN = 10, 50, 30, 366
FARTHEST = timedelta(days=100)
USUAL = timedelta(days=14)

api = APIBlueprint("schedules", __name__, tag="On call")


class EveryShape(BaseModel):
    unit: Unit
    length: int = Field(1, ge=1, le=LONGEST_TURN)


class LayerBody(BaseModel):
    """People who take turns; a later layer covers those before it wherever it names somebody."""

    people: list[Annotated[str, Field(max_length=100)]] = Field(max_length=MOST_PEOPLE, description="names or ids")
    starts: Wall = Field(description="when the first turn begins, and at what time of the day they hand over")
    every: EveryShape = EveryShape(unit=Unit.WEEK)
    windows: list[WindowShape] = Field([], description="only then; always if left out")
    ends: Wall | None = None

    def layer(self, tx: Transaction) -> Layer:
        return Layer(
            people=tuple(people.named(tx, name).id for name in self.people),
            rotation=Rotation(self.starts, self.every.unit, self.every.length),
            windows=tuple(window.window for window in self.windows),
            ends=self.ends,
        )


class ScheduleBody(BaseModel):
    name: AddressedName
    zone: Annotated[str, Field(max_length=64)] = Field(description="IANA's name, like Europe/Berlin")
    layers: list[LayerBody] = Field(max_length=MOST_LAYERS)
    hand_over_channel: ChannelId | None = Field(
        None, description="the id of the channel in Slack in which hand-overs are told; nowhere if left out"
    )

    @model_validator(mode="after")
    def can_be_worked_out(self) -> Self:
        if sum(len(layer.windows) for layer in self.layers) > MOST_WINDOWS:
            raise ValueError(f"a schedule has {MOST_WINDOWS} windows at most")
        return self


class WhoShape(BaseModel):
    id: UUID
    name: str

    @classmethod
    def of(cls, person: Known | None) -> Self | None:
        return None if person is None else cls(id=person.id, name=person.name)


class LayerShape(BaseModel):
    people: list[WhoShape]
    starts: datetime
    every: EveryShape
    windows: list[WindowShape]
    ends: datetime | None


class DutyShape(BaseModel):
    """Who is on call. `until` ends the shift, or the gap when nobody is; null when it does not end for a month."""

    now: WhoShape | None
    until: datetime | None
    next: WhoShape | None
    next_from: datetime | None


class ScheduleDutyShape(DutyShape):
    id: UUID
    name: str


class OnCallShape(BaseModel):
    schedules: list[ScheduleDutyShape]
    people: list[WhoShape] = Field(description="the list: whom steps of the policy call that name nobody")


class ScheduleShape(BaseModel):
    id: UUID
    name: str
    zone: str
    layers: list[LayerShape]
    hand_over_channel: str | None
    on_call: DutyShape
    calendar: str | None = Field(
        description="its address for a calendar program; whoever knows it can read it, so a viewer's key is not told"
    )


class SchedulesShape(BaseModel):
    schedules: list[ScheduleShape]


class ShiftShape(BaseModel):
    person: WhoShape | None = Field(description="null: nobody is on call")
    begins: datetime
    ends: datetime


class ShiftsShape(BaseModel):
    shifts: list[ShiftShape]
    gaps: int = Field(description="how many of them have nobody")


class ShiftsQuery(BaseModel):
    since: Moment | None = Field(None, description="now if left out")
    until: Moment | None = Field(None, description="two weeks later if left out, 100 days later at most")


@api.get("/api/v1/oncall")
@api.output(OnCallShape)
@api.doc(summary="Who is on call now, and who next")
def on_call() -> OnCallShape:
    with desk().store.begin() as tx:
        return OnCallShape(
            schedules=[_on_call(duty.duty(tx, row)) for row in duty.all_of(tx)],
            people=[WhoShape(id=person.id, name=person.name) for person in people.on_call(tx)],
        )


@api.get("/api/v1/schedules")
@api.output(SchedulesShape)
@api.doc(summary="All schedules, and who is on call in each")
def all_schedules() -> SchedulesShape:
    with desk().store.begin() as tx:
        return SchedulesShape(schedules=[schedule_shape(tx, row) for row in duty.all_of(tx)])


@api.post("/api/v1/schedules")
@api.input(
    ScheduleBody,
    arg_name="body",
    example={
        "name": "Primary",
        "zone": "Europe/Berlin",
        "layers": [{"people": ["Bea", "Cy"], "starts": "2026-03-02T09:00:00", "every": {"unit": "week", "length": 1}}],
    },
)
@api.output(ScheduleShape, 201)
@api.doc(summary="Make a schedule")
def make(body: ScheduleBody) -> ScheduleShape:
    with desk().store.begin() as tx:
        layers_ = [layer.layer(tx) for layer in body.layers]
        row = duty.make(tx, name=body.name, zone=body.zone, layers_=layers_)
        _tell_in(tx, row, body.hand_over_channel)
        return schedule_shape(tx, row)


@api.get("/api/v1/schedules/<schedule>")
@api.output(ScheduleShape)
@api.doc(summary="One schedule, and who is on call in it")
def one(schedule: str) -> ScheduleShape:
    """It is named by id or by name."""
    with desk().store.begin() as tx:
        return schedule_shape(tx, duty.find(tx, schedule))


@api.put("/api/v1/schedules/<schedule>")
@api.input(ScheduleBody, arg_name="body")
@api.output(ScheduleShape)
@api.doc(summary="Change a schedule; its overrides stay")
def change(schedule: str, body: ScheduleBody) -> ScheduleShape:
    with locked(schedule) as (tx, row):
        duty.change(tx, row, name=body.name, zone=body.zone, layers_=[layer.layer(tx) for layer in body.layers])
        _tell_in(tx, row, body.hand_over_channel)
        return schedule_shape(tx, row)


@api.delete("/api/v1/schedules/<schedule>")
@api.output({}, 204)
@api.doc(summary="Remove a schedule", responses=CONFLICT)
def remove(schedule: str) -> tuple[str, int]:
    with locked(schedule) as (tx, row), conflicts():
        duty.remove(tx, row)
    return "", 204


@api.get("/api/v1/schedules/<schedule>/shifts")
@api.input(ShiftsQuery, location="query", arg_name="query")
@api.output(ShiftsShape)
@api.doc(summary="Who is on call when, gaps too")
def shifts(schedule: str, query: ShiftsQuery) -> ShiftsShape:
    with desk().store.begin() as tx:
        row = duty.find(tx, schedule)
        since = query.since or tx.now
        until = query.until or since + USUAL
        if not since < until <= since + FARTHEST:
            raise Refusal(422, "`until` must be later than `since`, and 100 days later at most.")
        schedule_, names = duty.loaded(tx, row, since=since), people.names(tx)
    # No transaction waits while this is worked out.
    shown = [_shift(shift, names) for shift in schedule_.shifts(since, until)]
    return ShiftsShape(shifts=shown, gaps=sum(shift.person is None for shift in shown))


def _tell_in(tx: Transaction, row: ScheduleRow, channel: str | None) -> None:
    if channel is not None and not desk().database.is_first(tx.organization):
        raise Refusal(422, "Slack is the first organization's: hand-overs of this one are told nowhere.")
    shift_changes.tell_in(tx, row, channel)


@contextmanager
def locked(schedule: str) -> Iterator[tuple[Transaction, ScheduleRow]]:
    with desk().store.begin() as tx:
        yield tx, duty.find(tx, schedule, lock=True)
        paging.look_at_all_again(tx, locks_members=False)  # Somebody else may be on call now.


def schedule_shape(tx: Transaction, row: ScheduleRow) -> ScheduleShape:
    return ScheduleShape(
        id=row.id,
        name=row.name,
        zone=row.zone,
        layers=[_layer(tx, layer) for layer in row.layers],
        hand_over_channel=row.hand_over_channel,
        on_call=_duty(duty.duty(tx, row)),
        calendar=_calendar(row) if caller().role.may(Role.RESPONDER) else None,
    )


def _calendar(row: ScheduleRow) -> str:
    return f"{desk().settings.public_url}/calendars/{row.feed}.ics"


def _layer(tx: Transaction, layer: layers.Json) -> LayerShape:
    shown = {**layer, "people": [who(tx, UUID(person)) for person in layer["people"]]}
    return LayerShape.model_validate(shown)


def _duty(found: Duty) -> DutyShape:
    return DutyShape(
        now=WhoShape.of(found.now), until=found.until, next=WhoShape.of(found.next), next_from=found.next_from
    )


def _on_call(found: Duty) -> ScheduleDutyShape:
    return ScheduleDutyShape(id=found.schedule.id, name=found.schedule.name, **dict(_duty(found)))


def _shift(shift: Shift, names: Mapping[UUID, str]) -> ShiftShape:
    person = None if shift.person is None else WhoShape(id=shift.person, name=names[shift.person])
    return ShiftShape(person=person, begins=shift.begins, ends=shift.ends)


def who(tx: Transaction, person: UUID) -> WhoShape:
    known = people.remembered(tx, person)
    return WhoShape(id=known.id, name=known.name)
