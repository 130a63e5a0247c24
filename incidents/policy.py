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

Step n pages the n-th person on the list of those on call, unless it says whom: `"to": {"schedule": ID}`,
`"to": {"person": ID}` or `"to": {"group": ID}`, which is Slack's id.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a step calls: a person, whoever is on call in a schedule then, or those of a Slack group by turns."""

    schedule: UUID | None = None
    person: UUID | None = None
    group: str | None = None

    @classmethod
    def of(cls, to: dict[str, str] | None) -> "Target | None":
        if to is None:
            return None
        [(kind, id)] = to.items()
        if kind == "group":
            return cls(group=id)
        return cls(schedule=UUID(id)) if kind == "schedule" else cls(person=UUID(id))


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
    """One call of the ladder. `after` counts from the first call of the ladder.

    `begins` is the rung with which its step began this time, and `nth` how many calls its step has before it, those of
    earlier times too.
    """

    index: int
    step: int
    after: timedelta
    begins: int
    nth: int

    @property
    def is_first(self) -> bool:
        """Of those of its step, this time."""
        return self.index == self.begins


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
        for time in range(definition["repeat"] + 1):
            for step, plan in enumerate(definition["steps"]):
                begins = len(rungs)
                for call in range(plan["calls"]):
                    after = timedelta(seconds=step_begins + call * plan["every"])
                    nth = time * plan["calls"] + call
                    rungs.append(Rung(index=len(rungs), step=step, after=after, begins=begins, nth=nth))
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

    def next_turn(self, index: int) -> int | None:
        """The first rung after `index` that may be somebody else's: of another step, or of the same group."""
        if self.goes_round(self.ladder[index].step):
            return index + 1 if index + 1 < len(self.ladder) else None
        return self.next_step(index)

    def goes_round(self, step: int) -> bool:
        """Whether the calls of that step are for several people by turns."""
        target = self.targets[step]
        return target is not None and target.group is not None

    def called_then(self, begins: int, after: timedelta) -> int:
        """The last rung that the step has called so long after it began with that rung."""
        first = self.ladder[begins]
        same = [rung for rung in self.ladder[begins:] if rung.begins == begins and rung.after - first.after <= after]
        return same[-1].index


def _also(way: dict[str, Any]) -> Also:
    return Also(Way(way["by"]), timedelta(seconds=way["after"]))


def _seconds(given: int | None) -> timedelta | None:
    return None if given is None else timedelta(seconds=given)
