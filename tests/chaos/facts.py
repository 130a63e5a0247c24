"""What a run leaves behind: what people were told, what broke when, the ledger, and the product's view for names."""

import json
import threading
import time
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.chaos.schedule import Schedule

Json = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """Something that a person or program did and what it was told. Times are seconds since 1970."""

    kind: str
    about: int
    asked: float
    answered: float
    ok: bool
    status: int | None = None
    number: int | None = None
    says: str = ""
    with_: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Broke:
    """A fault as it really was: from when to when."""

    kind: str
    on: str
    began: float
    ended: float
    with_: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """The store's clock was `ahead` of the machine's by so many seconds, seen at this time."""

    at: float
    ahead: float


@dataclass
class Facts:
    """Everything that the invariants judge. `silenced_at` is when a silence of the schedule's settings began."""

    schedule: Schedule
    began: float = field(default_factory=time.time)
    silenced_at: float = 0.0
    well_at: float = 0.0
    ended: float = 0.0
    seen: list[Seen] = field(default_factory=list)
    broke: list[Broke] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    ledger: list[Json] = field(default_factory=list)
    incidents: list[Json] = field(default_factory=list)
    timelines: dict[int, list[Json]] = field(default_factory=dict)
    jobs: dict[int, list[Json]] = field(default_factory=dict)
    log: str = ""
    met: Json = field(default_factory=dict)
    gave_up: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def saw(self, seen: Seen) -> None:
        with self._lock:
            self.seen.append(seen)

    def noted(self, broke: Broke) -> None:
        with self._lock:
            self.broke.append(broke)

    def store_time(self, at: float) -> float:
        """What the store's clock showed at that moment of the machine's."""
        known = [moved.at for moved in self.moved]
        index = bisect_right(known, at) - 1
        return at + (self.moved[index].ahead if index >= 0 else 0.0)

    def machine_time(self, store: float) -> float:
        """When the store's clock first showed at least that."""
        for index, moved in enumerate(self.moved):
            until = self.moved[index + 1].at if index + 1 < len(self.moved) else float("inf")
            if max(moved.at, store - moved.ahead) < until:
                return max(moved.at, store - moved.ahead)
        return store

    def near(self, at: float, *, before: float, after: float, on: Iterable[str]) -> bool:
        """Whether any of these was broken within that span around the moment."""
        names = set(on)
        return any(
            broke.on in names and broke.began <= at + after and broke.ended >= at - before for broke in self.broke
        )

    def stood_still(self, at: float) -> bool:
        """Whether a process was stopped at that moment; it may have had something locked."""
        return any(broke.kind == "stop" and broke.began <= at <= broke.ended + 1.0 for broke in self.broke)

    def logged(self, words: str, at: float) -> bool:
        """Whether the product's log has the words within a second of that moment."""
        times = {time.strftime("%H:%M:%S", time.gmtime(at + off)) for off in (-1, 0, 1)}
        return any(words in line and not times.isdisjoint(line.split()[:2]) for line in self.log.splitlines())

    def save(self, path: Path) -> None:
        """For whoever looks at a failure."""
        kept = {
            "schedule": self.schedule.as_json(),
            "began": self.began,
            "silenced_at": self.silenced_at,
            "well_at": self.well_at,
            "ended": self.ended,
            "gave_up": self.gave_up,
            "seen": [asdict(each) for each in self.seen],
            "broke": [asdict(each) for each in self.broke],
            "moved": [asdict(each) for each in self.moved],
            "incidents": self.incidents,
            "timelines": self.timelines,
            "jobs": self.jobs,
            "met": self.met,
        }
        path.write_text(json.dumps(kept, indent=1, default=str))


def seconds(iso: str) -> float:
    """Of a time as the ledger and the API write it."""
    return datetime.fromisoformat(iso).timestamp()
