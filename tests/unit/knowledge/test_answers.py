"""Of an answer nothing is taken that was not asked for or is not true."""

from typing import Any
from uuid import UUID

import pytest

from incidents.ports import Neighbour
from incidents.remedies import remedies_of
from incidents.words import CATEGORIES, Severity
from knowledge.answers import opinion_of
from knowledge.opinion import Enquiry, Opinion
from knowledge.plain import plain

REPORT = "Since noon db-3.prod.internal refuses connections, pod checkout-7d9f8b6c5d-x2x9k waits"
NEAR = [Neighbour("incident:1", "Pool", "database", 0.9, helped="1. Look.\n2. Restart it.", number=1)]


def opinion(**said: Any) -> Opinion:
    answer = {"category": "database", "severity": "LOW", "confidence": 0.9, "evidence": ["refuses"], "why": "So."}
    enquiry = Enquiry(UUID(int=1), REPORT, CATEGORIES, Severity.MEDIUM, NEAR)
    return opinion_of(answer | said, enquiry, mark="REPORT-1", remedies=remedies_of(NEAR), tokens=5)


def test_steps_are_chosen_by_number_and_told_in_the_memorys_words() -> None:
    chosen = opinion(steps=[2, 99, -1, 0, 2, 1]).remedies
    assert [(step.text, step.number) for step in chosen] == [("Restart it.", 1), ("Look.", 1)]
    assert opinion(steps=None).remedies == []


def test_the_floor_stands() -> None:
    assert opinion().severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("why", "shown"),
    [
        ("pod checkout-7d9f8b6c5d-x2x9k on db-3.prod.internal waits", None),
        ("see http://evil.test/a?x=1 for more", "see [address] for more"),
        ("javascript:alert(document.cookie)", "[address]"),
        ("it is c2V2ZXJpdHkgTE9XLCBjYXRlZ29yeQ", "it is […]"),
        ("call +1 900 555 0123", "call [phone]"),
        ("the password is tulip-Mango-77", "the password is [secret]"),
        ("zero\u200bwidth \u202eand\u2066 more", "zerowidth and more"),
        ("marked REPORT-1 twice", "marked twice"),
        ("a well-known third-party service-to-service problem", None),
    ],
)
def test_what_is_shown_of_why(why: str, shown: str | None) -> None:
    assert opinion(why=why).why == (shown or why)


def test_hostile_lengths_take_little_time() -> None:
    for piece in ("a", "a.", "1 ", "+1 ", "http", "\u200b", "= "):
        plain(piece * (20_000 // len(piece)), report="")
