"""How long a model that failed is left alone: a rest that grows with each failure, never for long, never in step."""

from datetime import timedelta

FAILURES = 3
"""So many in a row, and it rests."""
SHORTEST, LONGEST = timedelta(seconds=15), timedelta(minutes=5)
LATE = 5
"""Jitter makes a rest longer by at most one part in so many."""


def rest(failures: int, *, wish: timedelta | None, jitter: float) -> timedelta | None:
    """None when it may be asked again at once. `wish` is the provider's own (`Retry-After`); `jitter` is 0 to 1."""
    wished = min(wish, LONGEST) if wish else None
    if failures < FAILURES:
        return wished
    grown: timedelta = min(SHORTEST * 2 ** min(failures - FAILURES, 10), LONGEST)
    return max(grown * (1 + jitter / LATE), wished or grown)
