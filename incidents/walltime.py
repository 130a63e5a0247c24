"""What a clock on the wall shows, as a moment: the two differ when clocks are set forward and back."""

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from incidents.errors import IncidentError

_ONE = timedelta(seconds=1)


@lru_cache(maxsize=50_000)
def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the clocks of that zone show `wall` (without a zone, whole seconds) or later.

    An hour that comes twice counts when it comes first; in one that is left out, it is the moment of the leap.
    """
    before = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if shown(before, zone) == wall:
        return before
    # The offset from before the leap leads past it, the one from after it leads before it.
    late, early = before, wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while late - early > _ONE:
        middle = early + timedelta(seconds=(late - early).total_seconds() // 2)
        if shown(middle, zone) >= wall:
            late = middle
        else:
            early = middle
    return late


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of that zone show then, without a zone."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def zone_named(name: str) -> ZoneInfo:
    """Raises: IncidentError when there is none of that name."""
    if name not in _zones():
        raise IncidentError(f"{name[:70]!r} is no time zone. Write one like Europe/Berlin or America/New_York.")
    return ZoneInfo(name)


def zone_kept(name: str) -> ZoneInfo | None:
    """One that was known when it was kept; None when the machine's time zones have lost it since."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def _zones() -> frozenset[str]:
    """Without those that mean something else on each machine, or count leap seconds."""
    known = available_timezones() - {"localtime", "posixrules", "Factory"}
    return frozenset(name for name in known if not name.startswith(("right/", "posix/")))
