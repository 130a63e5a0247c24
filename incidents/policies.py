"""The organization's policies: which one an incident is paged by. The default is for all that no other one is for."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from incidents import organizations, projects
from incidents.errors import IncidentError, NotFound
from incidents.match import Match
from incidents.models import Organization
from incidents.store import Transaction
from incidents.words import Severity

DEFAULT = "default"
MOST = 50
LOOK = "GET /api/v1/policies lists the policies."


@dataclass(frozen=True, slots=True)
class Named:
    """A policy as it is kept. `definition` is of the shape of `DEFAULT_POLICY`; the default is for everything else."""

    id: str | None
    name: str
    match: Match
    definition: dict[str, Any]

    @property
    def kept(self) -> dict[str, Any]:
        """What an incident keeps of it."""
        return {**self.definition, "name": self.name}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Named":
        return cls(kept["id"], kept["name"], Match(**kept["match"]), kept["definition"])


def all_of(tx: Transaction) -> list[Named]:
    """In the order in which they are tried, the default last, as it was at the beginning of the transaction."""
    return _all(tx.own.policies, tx.own.policy)


def now(tx: Transaction) -> list[Named]:
    """The same, as it is; nobody else changes it before this transaction ends."""
    organization = organizations.lock(tx)
    return _all(organization.policies, organization.policy)


def _all(others: Sequence[dict[str, Any]], default: dict[str, Any]) -> list[Named]:
    return [*map(Named.of, others), Named(None, DEFAULT, Match(), default)]


def chosen(
    tx: Transaction, *, severity: Severity, category: str | None, service: str | None, project: uuid.UUID
) -> Named:
    """The first that is for such an incident."""
    fitting = (
        each
        for each in all_of(tx)
        if each.match.fits(severity=severity, category=category, service=service, project=project)
    )
    return next(fitting)


def find(found: Sequence[Named], name: str) -> Named:
    """By its name or its id. Raises: NotFound."""
    wanted = next((each for each in found if name in (each.name, each.id)), None)
    if wanted is None:
        raise NotFound(f"There is no policy {name[:70]!r}.", look=LOOK)
    return wanted


def make(tx: Transaction, *, name: str, match: Match, definition: dict[str, Any], place: int | None) -> Named:
    """A new one, tried at that place (from 1), or after all others. Raises: IncidentError."""
    organization = organizations.lock(tx)
    if len(organization.policies) >= MOST:
        raise IncidentError(f"There are {MOST} policies besides the default, and no more are kept. Remove one first.")
    named = Named(str(uuid.uuid4()), name, match, definition)
    _put(tx, organization, named, organization.policies, place)
    return named


def change(
    tx: Transaction, policy: Named, *, name: str, match: Match, definition: dict[str, Any], place: int | None
) -> Named:
    """It is like that from now on, for incidents that are opened from now on. Raises: IncidentError."""
    organization = organizations.lock(tx)
    changed = Named(policy.id, name, match, definition)
    _put(tx, organization, changed, [each for each in organization.policies if each["id"] != policy.id], place)
    return changed


def change_default(tx: Transaction, definition: dict[str, Any]) -> None:
    """Incidents that are opened from now on are paged like that; the others keep what they were opened with."""
    organizations.lock(tx).policy = definition


def remove(tx: Transaction, policy: Named) -> None:
    """What it was for, the next one that fits is for. Raises: IncidentError for the default."""
    if policy.id is None:
        raise IncidentError("The default policy stays: it is for all that no other one is for.")
    organization = organizations.lock(tx)
    organization.policies = [each for each in organization.policies if each["id"] != policy.id]


def place_of(found: Sequence[Named], policy: Named) -> int:
    """From 1; the default has the last one."""
    return [each.id for each in found].index(policy.id) + 1


def _put(
    tx: Transaction, organization: Organization, named: Named, others: Sequence[dict[str, Any]], place: int | None
) -> None:
    if named.name.casefold() == DEFAULT or any(each["name"].casefold() == named.name.casefold() for each in others):
        raise IncidentError(f"There is a policy {named.name!r} already. Choose another name.")
    organizations.demand_categories(tx, named.match.categories)
    projects.demand(tx, named.match.projects)
    at = len(others) if place is None else place - 1
    organization.policies = [*others[:at], asdict(named), *others[at:]]
