"""When, and how often, a person is not to be called for less than HIGH, as they have said; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from incidents.layers import read_window, written_window
from incidents.schedules import Window
from incidents.walltime import zone_kept

NIGHT = timedelta(hours=12)
"""The calls of so long a time are counted together."""
UTC = ZoneInfo("UTC")
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Rest:
    """The person is not to be called before then, and why."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Rules:
    """`quiet` are hours in the time of `zone`; `most_calls` are those of a `NIGHT`, and `gap` lies between two calls.

    None is no such rule.
    """

    zone: ZoneInfo = UTC
    quiet: Window | None = None
    most_calls: int | None = None
    gap: timedelta | None = None

    @classmethod
    def of(cls, written: dict[str, Any]) -> "Rules":
        """Reads what `written` wrote; nothing at all is no rules."""
        if not written:
            return NONE
        quiet = written.get("quiet")
        gap = written.get("gap")
        zone = zone_kept(quiet["zone"]) if quiet else None  # Hours of a zone that is known no more keep nobody quiet.
        return cls(
            zone=zone or UTC,
            quiet=read_window(quiet) if quiet and zone else None,
            most_calls=written.get("most_calls"),
            gap=None if gap is None else timedelta(seconds=gap),
        )

    def written(self) -> dict[str, Any]:
        """`{"quiet": {"weekdays", "from", "to", "zone"}, "most_calls", "gap"}`; the gap in seconds."""
        quiet = None if self.quiet is None else {**written_window(self.quiet), "zone": self.zone.key}
        gap = None if self.gap is None else round(self.gap.total_seconds())
        return {"quiet": quiet, "most_calls": self.most_calls, "gap": gap}

    @property
    def never_ends(self) -> bool:
        """Whether the quiet hours are all hours."""
        quiet = self.quiet
        return quiet is not None and quiet.weekdays == EVERY_DAY and quiet.begins == quiet.ends

    @property
    def counts_calls(self) -> bool:
        return self.most_calls is not None or self.gap is not None

    def rest(self, at: datetime, calls: Sequence[datetime]) -> Rest | None:
        """Why somebody else is to be called then; `calls` are those that the person had in the `NIGHT` before."""
        first = found = self._quiet(at) or self._enough(at, calls)
        while found is not None and first is not None:
            first = replace(first, until=found.until)
            found = self._quiet(first.until) or self._enough(first.until, calls)
        return first

    def pause(self, at: datetime, calls: Sequence[datetime]) -> Rest | None:
        """Why the call waits a little: the last one was hardly over. What waits meanwhile goes into one call then."""
        if self.gap is None or not calls or at >= max(calls) + self.gap:
            return None
        return Rest(max(calls) + self.gap, f"was called at {_shown(max(calls), self.zone)}")

    def _quiet(self, at: datetime) -> Rest | None:
        if self.quiet is None:
            return None
        ends = [end for begin, end in self.quiet.between(at, at, self.zone) if begin <= at < end]
        return Rest(max(ends), f"has quiet hours until {_shown(max(ends), self.zone)}") if ends else None

    def _enough(self, at: datetime, calls: Sequence[datetime]) -> Rest | None:
        counted = sorted(call for call in calls if at - NIGHT < call <= at)
        if self.most_calls is None or len(counted) < self.most_calls:
            return None
        until = counted[len(counted) - self.most_calls] + NIGHT
        return Rest(until, f"was called {len(counted)} times since {_shown(counted[0], self.zone)}")


NONE = Rules()


def _shown(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M} {zone.key}"
