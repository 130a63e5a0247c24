"""Who is on call when, pure: layers of rotations, in the time of a place, with overrides on top."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from incidents.walltime import moment, shown

ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


@dataclass(frozen=True, slots=True)
class Rotation:
    """Turns of `length` units. The first begins at `starts`, a time on the wall, which is when all hand over.

    Hours are counted as they pass; days and weeks by the calendar, so that the hand-over keeps its time of day.
    """

    starts: datetime
    unit: Unit
    length: int = 1

    def turn(self, at: datetime, zone: ZoneInfo) -> int | None:
        """Which turn it is then, counted from 0; None before the first."""
        first = moment(self.starts, zone)
        if at < first:
            return None
        if self.unit is Unit.HOUR:
            return (at - first) // (timedelta(hours=1) * self.length)
        turn = (shown(at, zone) - self.starts).days // self._days
        while self.begins(turn, zone) > at:
            turn -= 1
        while self.begins(turn + 1, zone) <= at:
            turn += 1
        return turn

    def begins(self, turn: int, zone: ZoneInfo) -> datetime:
        if self.unit is Unit.HOUR:
            return moment(self.starts, zone) + turn * self.length * timedelta(hours=1)
        return moment(self.starts + turn * self._days * ONE_DAY, zone)

    def hand_overs(self, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """When a turn begins between the two."""
        turn = self.turn(since, zone) or 0
        while (at := self.begins(turn, zone)) < until:
            if at > since:
                yield at
            turn += 1

    @property
    def _days(self) -> int:
        return _DAYS[self.unit] * self.length


@dataclass(frozen=True, slots=True)
class Window:
    """A part of each of those weekdays (0 is Monday), in the time of the place. To `ends` of the next day when that is
    not later than `begins`.
    """

    weekdays: frozenset[int]
    begins: time
    ends: time

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """From when to when, for the window that begins on that day."""
        if day.weekday() not in self.weekdays:
            return None
        last = day if self.ends > self.begins else day + ONE_DAY
        return moment(datetime.combine(day, self.begins), zone), moment(datetime.combine(last, self.ends), zone)

    def between(self, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """All of its parts that may touch that time."""
        day, last = shown(since, zone).date() - ONE_DAY, shown(until, zone).date() + ONE_DAY
        while day <= last:
            part = self.on(day, zone)
            if part is not None:
                yield part
            day += ONE_DAY


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns, until `ends` (a time on the wall), and only within the windows when there are any."""

    people: tuple[UUID, ...]
    rotation: Rotation
    windows: tuple[Window, ...] = ()
    ends: datetime | None = None

    def on(self, at: datetime, zone: ZoneInfo) -> UUID | None:
        turn = self.rotation.turn(at, zone)
        if turn is None or not self.people or not self._applies(at, zone):
            return None
        return self.people[turn % len(self.people)]

    def _applies(self, at: datetime, zone: ZoneInfo) -> bool:
        if self.ends is not None and at >= moment(self.ends, zone):
            return False
        parts = (part for window in self.windows for part in window.between(at, at, zone))
        return not self.windows or any(begins <= at < ends for begins, ends in parts)

    def edges(self, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """When its answer may change between the two."""
        if len(self.people) > 1:
            yield from self.rotation.hand_overs(since, until, zone)
        yield moment(self.rotation.starts, zone)
        if self.ends is not None:
            yield moment(self.ends, zone)
        for window in self.windows:
            for part in window.between(since, until, zone):
                yield from part


@dataclass(frozen=True, slots=True)
class Override:
    """That person instead of whoever it would be, from one moment to another."""

    person: UUID
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """`person` is None where nobody is on call."""

    person: UUID | None
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """The last override that holds counts, else the last layer that names somebody."""

    zone: ZoneInfo
    layers: tuple[Layer, ...]
    overrides: tuple[Override, ...] = ()

    def on(self, at: datetime) -> UUID | None:
        """Who is on call at that moment; None when nobody is."""
        for override in reversed(self.overrides):
            if override.begins <= at < override.ends:
                return override.person
        named = (layer.on(at, self.zone) for layer in reversed(self.layers))
        return next((person for person in named if person is not None), None)

    def shifts(self, since: datetime, until: datetime) -> Iterator[Shift]:
        """Who is on call from one moment to another, gaps too, without a hole; neighbours are different people."""
        edges = {edge for edge in self._edges(since, until) if since < edge < until}
        begins, person = since, self.on(since)
        for edge in sorted(edges):
            following = self.on(edge)
            if following != person:
                yield Shift(person, begins, edge)
                begins, person = edge, following
        yield Shift(person, begins, until)

    def _edges(self, since: datetime, until: datetime) -> Iterable[datetime]:
        for layer in self.layers:
            yield from layer.edges(since, until, self.zone)
        for override in self.overrides:
            yield from (override.begins, override.ends)
