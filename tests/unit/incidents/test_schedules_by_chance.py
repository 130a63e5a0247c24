"""For any schedule, zone, override and year there is one answer to "who is on call", and it is the slow one's."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.schedules import Layer, Override, Rotation, Schedule, Unit, Window
from tests.unit.incidents.slow_schedules import on_call

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",  # Clocks leapt at one minute past midnight.
    "America/Sao_Paulo",  # Days began at one o'clock.
    "Australia/Lord_Howe",  # Half an hour.
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Africa/Casablanca",  # Back and forth for Ramadan.
    "Pacific/Apia",  # 30 December 2011 never was.
)
PEOPLE = tuple(UUID(int=number) for number in range(1, 6))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@cache
def leaps(zone: str, year: int) -> list[datetime]:
    """The ends of the days of that year in which clocks are set."""
    place = ZoneInfo(zone)
    days = [datetime(year, 1, 1, tzinfo=UTC) + number * DAY for number in range(366)]
    return [b for a, b in pairwise(days) if a.astimezone(place).utcoffset() != b.astimezone(place).utcoffset()]


@st.composite
def asked(draw: st.DrawFn) -> tuple[Schedule, datetime]:
    """A schedule and a moment, half of the time one around which clocks are set."""
    zone, year = draw(st.sampled_from(ZONES)), draw(st.integers(1995, 2036))
    near = draw(st.sampled_from([datetime(year, 6, 1, tzinfo=UTC), *leaps(zone, year)]))
    at = near + draw(st.integers(-40 * 3600, 40 * 3600)) * timedelta(seconds=1)
    schedule = draw(schedules(ZoneInfo(zone), near))
    return schedule, at


def schedules(zone: ZoneInfo, near: datetime) -> st.SearchStrategy[Schedule]:
    layers = st.lists(_layers(near), max_size=3).map(tuple)
    return st.builds(Schedule, st.just(zone), layers, st.lists(_overrides(near), max_size=3).map(tuple))


def _layers(near: datetime) -> st.SearchStrategy[Layer]:
    wall = near.replace(tzinfo=None)
    before = st.integers(0, 900 * 24 * 4).map(lambda quarters: wall - quarters * timedelta(minutes=15))
    rotation = st.builds(Rotation, before, st.sampled_from(Unit), st.integers(1, 15))
    ends = st.none() | st.integers(-100, 100).map(lambda hours: wall + hours * HOUR)
    people = st.lists(st.sampled_from(PEOPLE), max_size=4).map(tuple)
    return st.builds(Layer, people, rotation, st.lists(_windows(), max_size=2).map(tuple), ends)


def _windows() -> st.SearchStrategy[Window]:
    times = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
    return st.builds(Window, st.frozensets(st.integers(0, 6), min_size=1), times, times)


def _overrides(near: datetime) -> st.SearchStrategy[Override]:
    begins = st.integers(-50, 50).map(lambda hours: near + hours * HOUR)
    pairs = st.tuples(st.sampled_from(PEOPLE), begins, st.integers(1, 60))
    return pairs.map(lambda made: Override(made[0], made[1], made[1] + made[2] * HOUR))


@settings(max_examples=200, deadline=None)
@given(asked())
def test_the_answer_is_the_slow_one(question: tuple[Schedule, datetime]) -> None:
    schedule, at = question
    assert schedule.on(at) == on_call(schedule, at)


@settings(max_examples=60, deadline=None)
@given(asked(), st.integers(1, 5))
def test_shifts_say_the_same_at_every_moment(question: tuple[Schedule, datetime], days: int) -> None:
    schedule, since = question
    until = since + days * DAY
    shifts = list(schedule.shifts(since, until))
    assert (shifts[0].begins, shifts[-1].ends) == (since, until)
    assert all(one.ends == other.begins and one.person != other.person for one, other in pairwise(shifts))
    for shift in shifts:
        length = shift.ends - shift.begins
        for at in (shift.begins, shift.begins + length / 3, shift.ends - timedelta(seconds=1)):
            assert schedule.on(max(at, shift.begins)) == shift.person
