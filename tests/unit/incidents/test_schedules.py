"""Schedules as people know them: weeks that turn on Monday morning, nights, holidays, and clocks that are set."""

from datetime import UTC, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from incidents.schedules import Layer, Override, Rotation, Schedule, Shift, Unit, Window

BERLIN = ZoneInfo("Europe/Berlin")
BEA, CY, DEE = (UUID(int=number) for number in (1, 2, 3))
WORKDAYS = frozenset(range(5))


def at(text: str) -> datetime:
    """A time in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def weekly(*people: UUID, starts: str = "2026-03-02 09:00", windows: tuple[Window, ...] = ()) -> Layer:
    return Layer(people, Rotation(datetime.fromisoformat(starts), Unit.WEEK), windows)


def schedule(*layers: Layer, overrides: tuple[Override, ...] = ()) -> Schedule:
    return Schedule(BERLIN, layers, overrides)


def test_weeks_hand_over_on_monday_at_nine_also_after_clocks_were_set_forward() -> None:
    weeks = schedule(weekly(BEA, CY))
    assert weeks.on(at("2026-03-09 08:59:59")) == BEA
    assert weeks.on(at("2026-03-09 09:00")) == CY
    # On 29 March an hour is left out.
    assert weeks.on(at("2026-03-30 08:59:59")) == CY
    assert weeks.on(at("2026-03-30 09:00")) == BEA


def test_nobody_before_the_first_turn_and_after_the_end() -> None:
    ends = datetime.fromisoformat("2026-03-10 12:00")
    layer = Layer((BEA,), Rotation(datetime.fromisoformat("2026-03-02 09:00"), Unit.DAY), ends=ends)
    assert schedule(layer).on(at("2026-03-02 08:59")) is None
    assert schedule(layer).on(at("2026-03-10 11:59")) == BEA
    assert schedule(layer).on(at("2026-03-10 12:00")) is None


def test_hours_are_counted_as_they_pass() -> None:
    twelve = schedule(Layer((BEA, CY), Rotation(datetime.fromisoformat("2026-03-28 08:00"), Unit.HOUR, 12)))
    assert twelve.on(at("2026-03-28 19:59")) == BEA
    assert twelve.on(at("2026-03-29 08:59")) == CY  # An hour was left out that night.
    assert twelve.on(at("2026-03-29 09:00")) == BEA


def test_a_hand_over_in_the_hour_that_is_left_out_is_at_the_leap() -> None:
    nights = schedule(Layer((BEA, CY), Rotation(datetime.fromisoformat("2026-03-28 02:30"), Unit.DAY)))
    assert nights.on(at("2026-03-29 01:59:59")) == BEA
    assert nights.on(at("2026-03-29 03:00")) == CY


def test_in_the_hour_that_comes_twice_there_is_one_hand_over() -> None:
    nights = schedule(Layer((BEA, CY), Rotation(datetime.fromisoformat("2026-10-24 02:30"), Unit.DAY)))
    since, first, until = (
        datetime(2026, 10, 25, hour, minute, tzinfo=UTC) for hour, minute in ((0, 0), (0, 30), (2, 0))
    )
    assert list(nights.shifts(since, until)) == [Shift(BEA, since, first), Shift(CY, first, until)]


def test_a_later_layer_covers_an_earlier_one_within_its_windows() -> None:
    office = Window(WORKDAYS, time(9), time(17))
    both = schedule(weekly(BEA), weekly(CY, windows=(office,)))
    assert both.on(at("2026-03-04 16:59")) == CY
    assert both.on(at("2026-03-04 17:00")) == BEA
    assert both.on(at("2026-03-07 12:00")) == BEA  # A Saturday.


def test_a_window_goes_past_midnight() -> None:
    friday_night = Window(frozenset({4}), time(22), time(6))
    night = schedule(weekly(BEA, windows=(friday_night,)))
    assert night.on(at("2026-03-07 05:59")) == BEA
    assert night.on(at("2026-03-07 06:00")) is None
    assert night.on(at("2026-03-07 22:00")) is None


def test_the_last_override_counts() -> None:
    night = (at("2026-03-03 18:00"), at("2026-03-04 09:00"))
    covered = schedule(weekly(BEA), overrides=(Override(CY, *night), Override(DEE, at("2026-03-04 00:00"), night[1])))
    assert [
        (shift.person, shift.begins) for shift in covered.shifts(at("2026-03-03 12:00"), at("2026-03-05 00:00"))
    ] == [
        (BEA, at("2026-03-03 12:00")),
        (CY, at("2026-03-03 18:00")),
        (DEE, at("2026-03-04 00:00")),
        (BEA, at("2026-03-04 09:00")),
    ]


def test_gaps_are_shown() -> None:
    office = schedule(weekly(BEA, windows=(Window(WORKDAYS, time(9), time(17)),)))
    shifts = list(office.shifts(at("2026-03-06 12:00"), at("2026-03-09 12:00")))
    assert shifts[1] == Shift(None, at("2026-03-06 17:00"), at("2026-03-09 09:00"))
    assert [shift.person for shift in shifts] == [BEA, None, BEA]


@pytest.mark.parametrize("empty", [Schedule(BERLIN, ()), Schedule(BERLIN, (weekly(),))])
def test_a_schedule_without_people_is_one_gap(empty: Schedule) -> None:
    since, until = at("2026-03-06 12:00"), at("2026-03-07 12:00")
    assert list(empty.shifts(since, until)) == [Shift(None, since, until)]
