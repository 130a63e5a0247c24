"""Who is on call, found out slowly and another way: by what the clock on the wall has shown so far, minute by minute.

It shares nothing with `incidents.schedules` but the description of a schedule.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from incidents.schedules import Layer, Schedule, Unit, Window

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONGEST_STEP_BACK = 25 * HOUR


def on_call(schedule: Schedule, at: datetime) -> UUID | None:
    answer = None
    for layer in schedule.layers:
        answer = _named(layer, at, schedule.zone) or answer
    for override in schedule.overrides:
        if override.begins <= at and not override.ends <= at:
            answer = override.person
    return answer


def _named(layer: Layer, at: datetime, zone: ZoneInfo) -> UUID | None:
    latest = _latest_shown(at, zone)
    if not layer.people or latest < layer.rotation.starts or (layer.ends is not None and latest >= layer.ends):
        return None
    if layer.windows and not any(_is_open(window, latest) for window in layer.windows):
        return None
    if layer.rotation.unit is Unit.HOUR:
        turns = int((at - _first_minute(layer.rotation.starts, zone)) / (HOUR * layer.rotation.length))
    else:
        days = layer.rotation.length * (7 if layer.rotation.unit is Unit.WEEK else 1)
        turns = 0
        while layer.rotation.starts + (turns + 1) * days * DAY <= latest:
            turns += 1
    return layer.people[turns % len(layer.people)]


def _is_open(window: Window, latest: datetime) -> bool:
    """Whether a part of it began and has not ended, as far as the wall has shown."""
    for back in range(3):
        day = latest.date() - back * DAY
        begins = datetime.combine(day, window.begins)
        ends = datetime.combine(day, window.ends)
        if ends <= begins:
            ends += DAY
        if day.weekday() in window.weekdays and begins <= latest and not ends <= latest:
            return True
    return False


def _latest_shown(at: datetime, zone: ZoneInfo) -> datetime:
    """The latest time that the wall has shown until then: clocks that are set back do not undo it."""
    latest = _wall(at, zone)
    minute = at.replace(second=0, microsecond=0)
    while at - minute < LONGEST_STEP_BACK:
        latest = max(latest, _wall(minute, zone))
        minute -= MINUTE
    return latest


def _first_minute(wall: datetime, zone: ZoneInfo) -> datetime:
    minute = wall.replace(tzinfo=UTC) - LONGEST_STEP_BACK
    while _wall(minute, zone) < wall:
        minute += MINUTE
    return minute


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    offset = zone.utcoffset(at.astimezone(zone))
    assert offset is not None
    return at.astimezone(UTC).replace(tzinfo=None) + offset
