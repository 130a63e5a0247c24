"""Which of a ticket's labels are ours to take away."""

from collections.abc import Iterable, Sequence

OURS = ("category-", "severity-")
"""The labels that follow the incident begin with one of these. Every other label stays once it is there."""

UNIQUE = "tocsin-"
"""The label that only this incident's ticket carries begins with this."""


def outdated(current: Iterable[str], wanted: Sequence[str]) -> list[str]:
    return [label for label in current if label.startswith(OURS) and label not in wanted]


def belongs(current: Iterable[str], wanted: Sequence[str]) -> bool:
    """Whether a ticket with the `current` labels is the one that the `wanted` ones are for."""
    unique = {label for label in wanted if label.startswith(UNIQUE)}
    return unique <= set(current)
