"""A model that fails is left alone for longer and longer, never for long, and never in step with others."""

from datetime import timedelta

import pytest

from incidents.breaker import FAILURES, LONGEST, rest


def seconds(failures: int, *, wish: float | None = None, jitter: float = 0) -> float | None:
    wished = None if wish is None else timedelta(seconds=wish)
    found = rest(failures, wish=wished, jitter=jitter)
    return None if found is None else found.total_seconds()


def test_a_failure_or_two_are_nothing() -> None:
    assert [seconds(each) for each in range(1, FAILURES)] == [None, None]


def test_the_rest_doubles_up_to_some_minutes() -> None:
    assert [seconds(FAILURES + more) for more in range(7)] == [15, 30, 60, 120, 240, 300, 300]
    assert seconds(10_000) == 300


def test_jitter_only_lengthens_it() -> None:
    assert seconds(FAILURES, jitter=0.5) == pytest.approx(16.5)
    assert seconds(10_000, jitter=1) == pytest.approx(1.2 * LONGEST.total_seconds())


def test_a_wish_counts_at_once_and_not_for_ever() -> None:
    assert seconds(1, wish=30) == 30
    assert seconds(FAILURES, wish=30) == 30
    assert seconds(FAILURES, wish=1) == 15
    assert seconds(1, wish=86_400) == LONGEST.total_seconds()
