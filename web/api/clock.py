"""/api/v1/clock: the store's clock, moved for demonstrations and tests; closed in production."""

from datetime import datetime, timedelta
from typing import Self

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, model_validator
from sqlalchemy.orm import Session

from incidents import clock
from web.desk import desk
from web.refusal import Refusal

FARTHEST = timedelta(days=3650)

api = APIBlueprint("clock", __name__, tag="Clock")


class ClockBody(BaseModel):
    """Exactly one of them. `advance_seconds` moves a clock that `hold` stopped, too; `reset` is the machine's time."""

    advance_seconds: float | None = Field(None, allow_inf_nan=False, description="negative goes back")
    hold: bool = False
    release: bool = False
    reset: bool = False

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        if [self.advance_seconds is not None, self.hold, self.release, self.reset].count(True) != 1:
            raise ValueError('send one of {"advance_seconds": 120}, {"hold": true}, {"release": true}, {"reset": true}')
        return self


class ClockShape(BaseModel):
    now: datetime
    held: bool


CLOSED = {403: "The clock is not adjustable."}


@api.get("/api/v1/clock")
@api.output(ClockShape)
@api.doc(summary="What time it is for the product", responses=CLOSED)
def read() -> ClockShape:
    _demand_adjustable()
    with desk().database.begin() as session:
        return _shape(session)


@api.post("/api/v1/clock")
@api.input(ClockBody, arg_name="body", example={"advance_seconds": 120})
@api.output(ClockShape)
@api.doc(summary="Move, hold, release or reset the clock", responses=CLOSED)
def move(body: ClockBody) -> ClockShape:
    _demand_adjustable()
    with desk().database.begin() as session:
        if body.advance_seconds is not None:
            _advance(session, body.advance_seconds)
        elif body.hold:
            clock.hold(session)
        elif body.release:
            clock.release(session)
        else:
            clock.reset(session)
        return _shape(session)


def _advance(session: Session, seconds: float) -> None:
    """Within ten years of the machine's time; farther out, dates could not be kept any more."""
    ahead = clock.read(session) - clock.real(session)
    if abs(ahead.total_seconds() + seconds) > FARTHEST.total_seconds():
        raise Refusal(422, f"advance_seconds: the clock stays within {FARTHEST.days} days of the machine's time.")
    clock.advance(session, timedelta(seconds=seconds))


def _shape(session: Session) -> ClockShape:
    return ClockShape(now=clock.read(session), held=clock.is_held(session))


def _demand_adjustable() -> None:
    if not desk().settings.clock_adjustable:
        raise Refusal(403, "The clock is the machine's own here. CLOCK_ADJUSTABLE=1 lets it be moved, for tests.")
