"""Nobody alone turns over what several others say: such a lesson waits for a second person, or for an admin.

See docs/decisions/0074-a-second-person.md.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NEAR = 0.7
"""From this cosine on two lessons are about the same: in a vote between them one is heard beside the other."""
OTHERS = 2
"""So many lessons of others, near and of another category, are not turned over by one person."""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody says that it is of this category; `sure` needs nobody else (an admin, or two people)."""

    category: str
    voice: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A lesson about the same that counts, and who stands for it."""

    category: str
    voice: str | None


def waits(said: Said, near: Iterable[Near]) -> bool:
    """Whether others say otherwise, and nobody else the same."""
    if said.sure:
        return False
    others = Counter(each.category for each in near if each.voice != said.voice)
    return said.category not in others and max(others.values(), default=0) >= OTHERS


def first_that_counts(said: Sequence[Said], near: Sequence[Near]) -> int | None:
    """The place of the first that counts; None when all wait."""
    return next((place for place, each in enumerate(said) if not waits(each, near)), None)
