"""The single steps of what helped, so that they can be shown, numbered and chosen one by one."""

from collections.abc import Iterable, Sequence

from incidents.advice import read_advice
from incidents.ports import Neighbour, Remedy

MOST = 5
_LONGEST = 300


def remedies_of(entries: Iterable[Neighbour]) -> list[Remedy]:
    """All steps of all entries, in their order."""
    return [
        Remedy(text, entry.source, entry.title, entry.number)
        for entry in entries
        for text in _lines(entry.helped or "")
    ]


def usual(helped: Sequence[Neighbour]) -> list[Remedy]:
    """What to try when nobody chose: the steps of the entry that fits best."""
    return remedies_of(helped[:1])[:MOST]


def _lines(text: str) -> list[str]:
    return [line for each in read_advice(text).steps if (line := " ".join(each.split())[:_LONGEST])]
