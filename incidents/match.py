"""Which incidents something is for: a policy, or people who want to know; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.words import Severity


@dataclass(frozen=True, slots=True)
class Match:
    """Incidents that fit each of the three; an empty one fits all. Services in any case."""

    severities: Sequence[str] = ()
    categories: Sequence[str] = ()
    services: Sequence[str] = ()

    def fits(self, *, severity: Severity, category: str | None, service: str | None) -> bool:
        return (
            (not self.severities or severity in self.severities)
            and (not self.categories or category in self.categories)
            and (not self.services or _plain(service) in map(_plain, self.services))
        )


def _plain(service: str | None) -> str | None:
    return None if service is None else service.strip().casefold()
