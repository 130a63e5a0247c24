"""The rules read a floor and hints in the words of a report."""

import re
import time

import pytest

from incidents.words import CATEGORIES, Severity
from knowledge.floors import CALM, FLOORS
from knowledge.hints import HINTS
from knowledge.rules import compile_words, read


@pytest.mark.parametrize(
    ("report", "floor"),
    [
        ("disk full on db-3", Severity.HIGH),
        ("No space left on device, /var/lib at 100 %", Severity.HIGH),
        ("app-2 ran out of memory", Severity.HIGH),
        ("pods are OOMKilled every minute", Severity.HIGH),
        ("we have lost data after the restore", Severity.HIGH),
        ("Possible security breach on the jump host", Severity.HIGH),
        ("our AWS keys were leaked", Severity.HIGH),
        ("somebody leaked all of our API keys", Severity.HIGH),
        ("Production is completely down", Severity.HIGH),
        ("nobody can log in", Severity.HIGH),
        ("payments are failing", Severity.HIGH),
        ("checkout returns 502", Severity.HIGH),
        ("customers can’t pay", Severity.HIGH),
        ("requests time out now and then", Severity.MEDIUM),
        ("disk at 92 % on web-1", Severity.MEDIUM),
        ("certificate of the API expires tomorrow", Severity.MEDIUM),
        ("the about page looks different", None),
        ("", None),
    ],
)
def test_clear_patterns_set_a_floor(report: str, floor: Severity | None) -> None:
    assert read(report, kind=None, categories=CATEGORIES).floor == floor


@pytest.mark.parametrize(
    "report", ["a node restarted, no data loss", "the team is not out of memory", "backup ran without data loss"]
)
def test_a_denied_pattern_sets_no_high_floor(report: str) -> None:
    assert read(report, kind=None, categories=CATEGORIES).floor != Severity.HIGH


def test_a_denial_elsewhere_changes_nothing() -> None:
    report = "No idea why, but production is down and data is lost"
    assert read(report, kind=None, categories=CATEGORIES).floor == Severity.HIGH


@pytest.mark.parametrize(
    ("report", "usual"),
    [
        ("there is a typo on the careers page", Severity.LOW),
        ("How do I export my invoices?", Severity.LOW),
        ("please add Maria to the list", Severity.LOW),
        ("something is odd with the shop", Severity.MEDIUM),
        ("a typo in the config and now the service crashes", Severity.MEDIUM),
        ("", Severity.MEDIUM),
    ],
)
def test_only_a_calm_report_is_usually_low(report: str, usual: Severity) -> None:
    assert read(report, kind=None, categories=CATEGORIES).usual == usual


@pytest.mark.parametrize(
    ("kind", "report", "category"),
    [
        ("DATABASE_ERROR", "Connection timeout", "database"),
        ("NETWORK_OUTAGE", "", "network"),
        ("HIGH_CPU", "host web-1", "infrastructure"),
        ("SECURITY_ALERT", "many requests", "security"),
        ("DISK_FULL", "db-3", "storage"),
        (None, "disk full on db-3", "storage"),
        (None, "checkout returns 502", "application"),
        (None, "postgres query is slow", "database"),
        (None, "cannot log in, password expired", "access"),
        (None, "Stripe's API is down, their status page is red", "third-party"),
        (None, "coffee machine in the kitchen leaks", "other"),
    ],
)
def test_words_and_above_all_the_kind_hint_at_a_category(kind: str | None, report: str, category: str) -> None:
    assert read(report, kind=kind, categories=CATEGORIES).hints[0][0] == category


def test_hints_name_only_categories_of_the_organization() -> None:
    hints = read("postgres query on the shop's network", kind=None, categories=["network", "facility"]).hints
    assert [category for category, _ in hints] == ["network"]


def test_hints_fall_in_strength_between_0_and_1() -> None:
    strengths = [strength for _, strength in read("database disk network " * 9, kind="DB", categories=CATEGORIES).hints]
    assert strengths == sorted(strengths, reverse=True)
    assert all(0 < strength <= 1 for strength in strengths)


def test_every_category_has_hints() -> None:
    assert set(HINTS) == set(CATEGORIES)


TABLES = [*(words for *_, words in FLOORS), CALM, *(words for rows in HINTS.values() for words in rows.values())]


@pytest.mark.parametrize("words", TABLES)
def test_no_pattern_matches_nothing(words: str) -> None:
    assert compile_words(words).search("zz qq --- 7") is None


@pytest.mark.parametrize("words", TABLES)
def test_no_pattern_repeats_a_repetition(words: str) -> None:
    """`*` and `+` stand only within a counted gap, `(…+){0,3}`."""
    assert "*" not in words
    assert "+" not in re.sub(r"\( \[[^]]+\]\+\)\{0,\d\}", "", words)


def test_a_long_hostile_text_is_read_in_little_time() -> None:
    report = ("production " * 3 + "orders disk data certificate ") * 1_000
    started = time.perf_counter()
    read(report, kind=None, categories=CATEGORIES)
    assert time.perf_counter() - started < 2
