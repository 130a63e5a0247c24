"""The paging policy, pure: who is called when, as a ladder of calls with their offsets."""

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from incidents.words import Severity

DEFAULT_POLICY: dict[str, Any] = {
    "page_anyway_after": 30,
    "pages": ["HIGH", "MEDIUM"],
    "ring_for": 25,
    "steps": [{"calls": 2, "every": 60, "wait": 120}, {"calls": 2, "every": 60, "wait": 120}],
    "repeat": 2,
}
"""Seconds throughout. `wait` counts from the step's beginning; `repeat` is how often the whole is done again.

`remind_after` and `call_again_after`, when given, count from the acknowledgement.

A step may tell the same person in other ways too: `"also": [{"by": "text", "after": 60}]`, seconds from its beginning.

Step n pages the n-th person on the list of those on call, unless it says whom: `"to": {"schedule": ID}` or
`"to": {"person": ID}`.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a step calls: a person, or whoever is on call in a schedule at that time."""

    schedule: UUID | None = None
    person: UUID | None = None

    @classmethod
    def of(cls, to: dict[str, str] | None) -> "Target | None":
        return None if to is None else cls(**{kind: UUID(id) for kind, id in to.items()})


class Way(StrEnum):
    """How somebody is told besides calls: by a text message, a mention in the incident's channel, or an e-mail."""

    TEXT = "text"
    SLACK = "slack"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Also:
    """`after` counts from the first call of the step."""

    by: Way
    after: timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """One call of the ladder. `after` counts from the first call of the ladder; `is_first` of those of its step."""

    index: int
    step: int
    after: timedelta
    is_first: bool


@dataclass(frozen=True, slots=True)
class Policy:
    page_anyway_after: timedelta
    pages: frozenset[Severity]
    ring_for: timedelta
    ladder: tuple[Rung, ...]
    targets: tuple[Target | None, ...]
    """By step; None is the person of that place on the list of those on call."""
    also: tuple[tuple[Also, ...], ...]
    """By step."""
    told_after: timedelta
    """When everybody is told that nobody answered; counts from the first call."""
    remind_after: timedelta | None
    """How often whoever has an incident is asked whether they still do; None is never."""
    call_again_after: timedelta | None
    """How long after somebody took it, or last said that they have it, people are called again; None is never."""

    @classmethod
    def of(cls, definition: dict[str, Any]) -> "Policy":
        """Reads a definition of the shape of `DEFAULT_POLICY`; the same one is read once."""
        return cls._read(json.dumps(definition))

    @classmethod
    @lru_cache(maxsize=100)
    def _read(cls, written: str) -> "Policy":
        definition = json.loads(written)
        rungs: list[Rung] = []
        step_begins = 0
        for _ in range(definition["repeat"] + 1):
            for step, plan in enumerate(definition["steps"]):
                for call in range(plan["calls"]):
                    after = timedelta(seconds=step_begins + call * plan["every"])
                    rungs.append(Rung(index=len(rungs), step=step, after=after, is_first=call == 0))
                step_begins += plan["wait"]
        return cls(
            page_anyway_after=timedelta(seconds=definition["page_anyway_after"]),
            pages=frozenset(Severity(word) for word in definition["pages"]),
            ring_for=timedelta(seconds=definition["ring_for"]),
            ladder=tuple(rungs),
            targets=tuple(Target.of(plan.get("to")) for plan in definition["steps"]),
            also=tuple(tuple(_also(way) for way in plan.get("also") or []) for plan in definition["steps"]),
            told_after=timedelta(seconds=step_begins),
            remind_after=_seconds(definition.get("remind_after")),
            call_again_after=_seconds(definition.get("call_again_after")),
        )

    def first_delay(self, severity: Severity | None) -> timedelta:
        """How long after acceptance the first call is due, as long as triage has not spoken."""
        return timedelta(0) if severity is Severity.HIGH else self.page_anyway_after

    def next_after(self, index: int) -> timedelta:
        """From rung `index` to the one after it, or to telling everybody when it is the last."""
        here = self.ladder[index].after
        return (self.ladder[index + 1].after if index + 1 < len(self.ladder) else self.told_after) - here

    def next_step(self, index: int) -> int | None:
        """The first rung after `index` that belongs to another step; None when there is none."""
        step = self.ladder[index].step
        return next((rung.index for rung in self.ladder[index:] if rung.step != step), None)


def _also(way: dict[str, Any]) -> Also:
    return Also(Way(way["by"]), timedelta(seconds=way["after"]))


def _seconds(given: int | None) -> timedelta | None:
    return None if given is None else timedelta(seconds=given)
