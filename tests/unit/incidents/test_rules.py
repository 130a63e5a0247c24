"""When a person rests: quiet hours on the wall, so many calls a night, a pause after each."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.rules import EVERY_DAY, NONE, Rules
from incidents.schedules import Window

BERLIN = ZoneInfo("Europe/Berlin")
WORKDAYS = frozenset(range(5))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def quiet(begins: int, ends: int, weekdays: frozenset[int] = EVERY_DAY) -> Rules:
    return Rules(zone=BERLIN, quiet=Window(weekdays, time(begins), time(ends)))


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-01-15 20:59", None),
        ("2026-01-15 21:00", "2026-01-16 06:00"),  # 22:00 and 07:00 in Berlin.
        ("2026-01-16 05:59", "2026-01-16 06:00"),
        ("2026-01-16 06:00", None),
        ("2026-03-28 22:00", "2026-03-29 05:00"),  # The clocks are set forward in that night,
        ("2026-10-24 22:00", "2026-10-25 06:00"),  # and back in this one.
    ],
)
def test_quiet_hours_are_those_on_the_wall(moment: str, until: str | None) -> None:
    rest = quiet(22, 7).rest(at(moment), [])
    assert (rest and rest.until) == (until and at(until))


def test_it_says_why() -> None:
    rest = quiet(22, 7).rest(at("2026-01-15 23:00"), [])
    assert rest is not None
    assert rest.why == "has quiet hours until 07:00 Europe/Berlin"


def test_whole_days_that_follow_each_other_are_one_rest() -> None:
    weekend = Rules(quiet=Window(frozenset({5, 6}), time(0), time(0)))
    rest = weekend.rest(at("2026-01-17 09:00"), [])
    assert rest is not None
    assert rest.until == at("2026-01-19 00:00")
    assert weekend.rest(at("2026-01-19 00:00"), []) is None


@pytest.mark.parametrize(
    ("weekdays", "hours", "never"), [(EVERY_DAY, (9, 9), True), (WORKDAYS, (9, 9), False), (EVERY_DAY, (9, 8), False)]
)
def test_quiet_hours_that_never_end_are_known(weekdays: frozenset[int], hours: tuple[int, int], never: bool) -> None:
    assert quiet(*hours, weekdays).never_ends is never


def test_after_so_many_calls_a_night_the_oldest_must_be_twelve_hours_ago() -> None:
    rules = Rules(most_calls=2)
    calls = [at("2026-01-15 21:00"), at("2026-01-15 20:00"), at("2026-01-15 22:00")]
    rest = rules.rest(at("2026-01-15 23:00"), calls)
    assert rest is not None
    assert rest.until == at("2026-01-16 09:00")  # Then one call of the twelve hours before is left.
    assert rest.why == "was called 3 times since 20:00 UTC"
    assert rules.rest(rest.until, calls) is None
    assert rules.rest(at("2026-01-15 23:00"), calls[:1]) is None


def test_what_follows_a_rest_without_a_pause_belongs_to_it() -> None:
    rules = Rules(quiet=Window(EVERY_DAY, time(22), time(7)), most_calls=1)
    rest = rules.rest(at("2026-01-15 23:00"), [at("2026-01-15 21:00")])
    assert rest is not None
    assert rest.until == at("2026-01-16 09:00")


def test_a_pause_counts_from_the_last_call() -> None:
    rules = Rules(gap=timedelta(minutes=10))
    calls = [at("2026-01-15 22:05"), at("2026-01-15 22:00")]
    pause = rules.pause(at("2026-01-15 22:14"), calls)
    assert pause is not None
    assert (pause.until, pause.why) == (at("2026-01-15 22:15"), "was called at 22:05 UTC")
    assert rules.pause(at("2026-01-15 22:15"), calls) is None
    assert rules.rest(at("2026-01-15 22:06"), calls) is None
    assert rules.pause(at("2026-01-15 22:06"), []) is None


def test_read_again_they_are_the_same() -> None:
    rules = Rules(BERLIN, Window(WORKDAYS, time(22), time(7, 30)), most_calls=3, gap=timedelta(minutes=10))
    assert Rules.of(rules.written()) == rules
    assert Rules.of(NONE.written()) == Rules.of({}) == NONE
