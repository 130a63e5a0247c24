"""Times that one can count from: far enough from both ends of the calendar, where Python or PostgreSQL give up."""

from datetime import UTC, datetime, time
from typing import Annotated

from pydantic import AfterValidator

FIRST_YEAR, LAST_YEAR = 1970, 2200


def _moment(value: datetime) -> datetime:
    _demand_year(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _on_the_wall(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise ValueError("is a time on the wall of the schedule's zone, so write it without a zone: 2026-03-02T09:00")
    if value.microsecond:
        raise ValueError("must be in whole seconds")
    _demand_year(value)
    return value


def _to_the_minute(value: time) -> time:
    if value.second or value.microsecond or value.tzinfo is not None:
        raise ValueError("is hours and minutes on the wall, like 09:00")
    return value


def _demand_year(value: datetime) -> None:
    if not FIRST_YEAR < value.year < LAST_YEAR:
        raise ValueError(f"must be between the years {FIRST_YEAR} and {LAST_YEAR}")


Moment = Annotated[datetime, AfterValidator(_moment)]
"""In UTC when it names no zone."""
Wall = Annotated[datetime, AfterValidator(_on_the_wall)]
"""What clocks show in the zone of a schedule."""
Minute = Annotated[time, AfterValidator(_to_the_minute)]
