"""Texts of reports, before they reach the database."""

import time

import pytest

from incidents.errors import IncidentError
from incidents.people import Actor
from incidents.reports import LONGEST_TITLE, Report, _texts, cleaned, shortened
from incidents.roles import Role
from incidents.words import Source

ANA = Actor("Ana", via="api", role=Role.RESPONDER)


def texts(title: str, description: str = "", kind: str | None = None) -> tuple[str, str]:
    return _texts(Report(title, Source.API, ANA, description=description, kind=kind))


def test_control_characters_go_and_line_ends_and_tabs_stay() -> None:
    assert cleaned("\x00a\x1b[31m\tb\nc\x7f\ud800 ") == "a [31m\tb\nc"


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("Checkout is down. It began at 10.", "Checkout is down."),
        ("Checkout is down\nIt began", "Checkout is down"),
        ("  two \t spaces  ", "two spaces"),
        ("", ""),
    ],
)
def test_a_title_is_the_first_sentence_or_line(long: str, short: str) -> None:
    assert shortened(long) == short


@pytest.mark.parametrize("text", ["word " * 100, "x" * 300, "障" * 300, "a " + "x" * 300, "-" * 300, "x" * 201])
def test_a_long_title_is_cut_and_still_says_something(text: str) -> None:
    short = shortened(text)
    assert LONGEST_TITLE // 2 <= len(short) <= LONGEST_TITLE
    assert short.endswith("…")
    assert text.startswith(short.rstrip(" …"))


def test_a_text_of_exactly_the_longest_length_is_not_cut() -> None:
    assert shortened("x" * LONGEST_TITLE) == "x" * LONGEST_TITLE


@pytest.mark.parametrize("piece", ["-", "a-", "a ", "--a", "a'", ". ", "\n"])
def test_no_text_takes_long_to_shorten(piece: str) -> None:
    begun = time.perf_counter()
    shortened(piece * 50_000)
    assert time.perf_counter() - begun < 5


def test_a_report_without_a_title_is_called_by_its_type_and_its_first_sentence() -> None:
    assert texts("", "The disk is full. Again.", "disk_full")[0] == "Disk full: The disk is full."
    assert texts("", "", "disk_full")[0] == "Disk full"


def test_a_title_that_is_too_long_begins_the_description_so_that_nothing_is_lost() -> None:
    title, description = texts("word " * 100, "more")
    assert title.endswith("…")
    assert description == f"{'word ' * 100}".strip() + "\n\nmore"


def test_a_title_has_one_line() -> None:
    assert texts("a\nb\r\n c")[0] == "a b c"


def test_a_report_that_says_nothing_is_refused() -> None:
    with pytest.raises(IncidentError, match="Say what is wrong"):
        texts(" \x00\n", "\t", " ")
