"""Which incidents something is for: a policy, or people who want to know; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from incidents.words import Severity


@dataclass(frozen=True, slots=True)
class Match:
    """Incidents that fit each of the four; an empty one fits all. Services in any case, projects by id."""

    severities: Sequence[str] = ()
    categories: Sequence[str] = ()
    services: Sequence[str] = ()
    projects: Sequence[str] = ()

    def fits(self, *, severity: Severity, category: str | None, service: str | None, project: UUID) -> bool:
        return (
            (not self.severities or severity in self.severities)
            and (not self.categories or category in self.categories)
            and (not self.services or plain(service) in map(plain, self.services))
            and (not self.projects or str(project) in self.projects)
        )


def plain(service: str | None) -> str | None:
    """As services are compared."""
    return None if service is None else service.strip().casefold()
