"""Severities have an order."""

from incidents.words import CATEGORIES, Severity


def test_severities_rank_from_low_to_high() -> None:
    assert sorted(Severity, key=lambda severity: severity.rank) == [Severity.LOW, Severity.MEDIUM, Severity.HIGH]


def test_the_highest_is_the_worst_that_is_known() -> None:
    assert Severity.highest(Severity.LOW, None, Severity.HIGH, Severity.MEDIUM) is Severity.HIGH
    assert Severity.highest(None, Severity.LOW) is Severity.LOW
    assert Severity.highest(None, None) is None


def test_categories_are_said_once() -> None:
    assert len(set(CATEGORIES)) == len(CATEGORIES)
