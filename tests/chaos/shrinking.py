"""Makes a failing schedule smaller: halves are left out, then single faults and acts, as long as it still fails."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.chaos.schedule import Schedule

T = TypeVar("T")


def shrunk(schedule: Schedule, fails: Callable[[Schedule], bool]) -> Schedule:
    """The smallest that was found. `fails` may answer no to everything when it has had enough."""
    faults = _fewer(schedule.faults, lambda faults: fails(schedule.with_parts(schedule.acts, faults)))
    schedule = schedule.with_parts(schedule.acts, faults)
    acts = _fewer(schedule.acts, lambda acts: fails(schedule.with_parts(acts, schedule.faults)))
    return schedule.with_parts(acts, schedule.faults)


def _fewer(parts: tuple[T, ...], fails: Callable[[tuple[T, ...]], bool]) -> tuple[T, ...]:
    """Pieces are left out, from halves down to single ones."""
    size = max(len(parts) // 2, 1)
    while parts:
        for start in range(0, len(parts), size):
            fewer = _without(parts, start, size)
            if fails(fewer):
                parts = fewer
                break
        else:
            if size == 1:
                return parts
            size //= 2
        size = max(min(size, len(parts) // 2), 1)
    return parts


def _without(parts: Sequence[T], start: int, size: int) -> tuple[T, ...]:
    return (*parts[:start], *parts[start + size :])
