"""Which of a ticket's labels are ours to take away."""

from collections.abc import Iterable, Sequence

OURS = ("category-", "severity-")
"""The labels that follow the incident begin with one of these. Every other label stays once it is there."""


def outdated(current: Iterable[str], wanted: Sequence[str]) -> list[str]:
    return [label for label in current if label.startswith(OURS) and label not in wanted]
