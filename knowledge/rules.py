"""What a report's words alone say: a severity below which nothing later may go, and hints at a category."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from incidents.words import Severity
from knowledge.floors import CALM, FLOORS, NEGATIONS
from knowledge.hints import HINTS

KIND_COUNTS = 3
"""The reporter's type of the report counts as much as this many mentions."""
CLEAR = 6
"""A category with this score stands as the words' clear answer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules read in a report.

    `floor` is None when nothing in it forces a severity; `usual` is the severity when nobody knows better.
    `hints` are categories with their strength between 0 and 1, the strongest first.
    """

    floor: Severity | None
    usual: Severity
    reason: str | None
    hints: Sequence[tuple[str, float]]


def read(text: str, *, kind: str | None, categories: Sequence[str]) -> Reading:
    """Hints name only such `categories` as are given."""
    words = _plain(text)
    kind_words = _plain(kind or "")
    floor, reason = _floor(words, kind_words)
    calm = floor is None and _CALM.search(words) is not None
    return Reading(
        floor=floor,
        usual=floor or (Severity.LOW if calm else Severity.MEDIUM),
        reason=reason,
        hints=_hints(words, kind_words, categories),
    )


def _plain(text: str) -> str:
    """Lower case, with single spaces between words, so that one space in a pattern is any space in the text."""
    return " ".join(text.lower().replace("_", " ").replace("’", "'").split())


def compile_words(alternatives: str) -> re.Pattern[str]:
    either = "|".join(" ".join(alternative.split()) for alternative in re.split(r",\s", alternatives))
    return re.compile(rf"(?<![\w-])(?:{either})(?!\w)")


_FLOORS = tuple((severity, reason, compile_words(words)) for severity, reason, words in FLOORS)
_CALM = compile_words(CALM)
_HINTS = {
    category: [(weight, compile_words(words)) for weight, words in rows.items()] for category, rows in HINTS.items()
}


def _floor(words: str, kind: str) -> tuple[Severity | None, str | None]:
    for severity, reason, pattern in _FLOORS:  # The table goes from the worst down.
        if any(True for _ in _meant(pattern, words)) or pattern.search(kind):
            return severity, reason
    return None, None


def _meant(pattern: re.Pattern[str], words: str) -> Iterator[str]:
    """Matches that are not denied by one of the two words before ("no data loss")."""
    for match in pattern.finditer(words):
        before = words[max(0, match.start() - 30) : match.start()].split()[-2:]
        if not NEGATIONS.intersection(before):
            yield match.group()


def _hints(words: str, kind: str, categories: Sequence[str]) -> list[tuple[str, float]]:
    scores = {
        category: sum(
            weight * (len(set(_meant(pattern, words))) + KIND_COUNTS * len(set(_meant(pattern, kind))))
            for weight, pattern in _HINTS.get(category, ())
        )
        for category in categories
    }
    strengths = [(category, min(1.0, score / CLEAR)) for category, score in scores.items() if score]
    return sorted(strengths, key=lambda hint: (-scores[hint[0]], categories.index(hint[0])))
