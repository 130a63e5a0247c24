"""Projects: the named parts of an organization, of which each incident belongs to one.

The default one has the organization's own id, so that a report always has somewhere to go.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from incidents import organizations
from incidents.errors import IncidentError, NotFound
from incidents.match import plain
from incidents.models import ProjectRow
from incidents.store import Transaction, locked

DEFAULT = "default"
MOST = 50
LOOK = "GET /api/v1/projects lists the projects."


@dataclass(frozen=True, slots=True)
class Project:
    """What everybody needs to know of one; it comes with the first question of each transaction."""

    id: UUID
    name: str
    services: Sequence[str]
    channels: Sequence[str]

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Project":
        return cls(UUID(kept["id"]), kept["name"], kept["services"], kept["channels"])


def all_of(tx: Transaction) -> list[Project]:
    """As they were at the beginning of the transaction."""
    return [Project.of(each) for each in tx.own.projects]


def of_report(tx: Transaction, *, named: str | None, service: str | None, channel: str | None) -> tuple[UUID, bool]:
    """Where a report belongs, and whether the project that it names is known.

    The one that it names, else the one of its service, else the one of the channel in which it was said, else the
    default. A name that nobody knows loses no report.
    """
    known = all_of(tx)
    said = None if named is None else _named(known, named)
    fitting = (each for each in known if service is not None and plain(service) in map(plain, each.services))
    there = (each for each in known if channel is not None and channel in each.channels)
    found = said or next(fitting, None) or next(there, None)
    return found.id if found else tx.organization, named is None or said is not None


def find(tx: Transaction, name: str) -> Project:
    """By its id, or its name in any case. Raises: NotFound."""
    found = _named(all_of(tx), name)
    if found is None:
        raise NotFound(f"There is no project {name[:70]!r}.", look=LOOK)
    return found


def name_of(tx: Transaction, id: UUID) -> str:
    found: str | None = next((each["name"] for each in tx.own.projects if each["id"] == str(id)), None)
    return found or tx.get(ProjectRow, id).name  # It was made since this transaction began.


def rows(tx: Transaction) -> Sequence[ProjectRow]:
    """The default one first, then by name."""
    found = tx.session.scalars(tx.select(ProjectRow)).all()
    return sorted(found, key=lambda row: (row.id != tx.organization, row.name.casefold()))


def row(tx: Transaction, name: str, *, lock: bool = False) -> ProjectRow:
    """As `find`; with `lock` nobody else changes or removes it before this transaction ends. Raises: NotFound."""
    query = tx.select(ProjectRow).where(ProjectRow.id == find(tx, name).id)
    found = tx.session.scalars(locked(query) if lock else query).one_or_none()
    if found is None:
        raise NotFound(f"There is no project {name[:70]!r}.", look=LOOK)
    return found


def make(
    tx: Transaction, *, name: str, description: str, services: Sequence[str], channels: Sequence[str]
) -> ProjectRow:
    """A new one. Raises: IncidentError when another one has its name, a service or a channel of it."""
    organizations.lock(tx)
    known = rows(tx)
    if len(known) >= MOST:
        raise IncidentError(f"There are {MOST} projects, and no more are kept. Remove one first.")
    made = ProjectRow(organization_id=tx.organization, made_at=tx.now)
    _put(tx, made, known, name=name, description=description, services=services, channels=channels)
    return made


def change(
    tx: Transaction,
    row: ProjectRow,
    *,
    name: str | None = None,
    description: str | None = None,
    services: Sequence[str] | None = None,
    channels: Sequence[str] | None = None,
) -> None:
    """None leaves it as it is. What was reported before stays where it is. Raises: IncidentError, as `make`."""
    if row.id == tx.organization and name not in (None, row.name):
        raise IncidentError("The default project keeps its name.")
    organizations.lock(tx)
    _put(
        tx,
        row,
        [each for each in rows(tx) if each.id != row.id],
        name=row.name if name is None else name,
        description=row.description if description is None else description,
        services=row.services if services is None else services,
        channels=row.channels if channels is None else channels,
    )


def demand(tx: Transaction, ids: Collection[str]) -> None:
    """Raises: NotFound when one of them was removed; nobody removes one while the organization is locked."""
    known = {str(each.id) for each in rows(tx)} if ids else set()
    if not known.issuperset(ids):
        raise NotFound("A project that this names was removed at this moment.", look=LOOK)


def _named(known: Sequence[Project], name: str) -> Project | None:
    wanted = name.strip().casefold()
    return next((each for each in known if wanted in (str(each.id), each.name.casefold())), None)


def _put(
    tx: Transaction,
    row: ProjectRow,
    others: Sequence[ProjectRow],
    *,
    name: str,
    description: str,
    services: Sequence[str],
    channels: Sequence[str],
) -> None:
    if any(name.casefold() in (str(each.id), each.name.casefold()) for each in others):
        raise IncidentError(f"There is a project {name!r} already. Choose another name.")
    for other in others:
        taken = [each for each in services if plain(each) in map(plain, other.services)]
        taken += [each for each in channels if each in other.channels]
        if taken:
            raise IncidentError(f"{taken[0]!r} belongs to the project {other.name!r}. Take it from there first.")
    row.name, row.description = name, description
    row.services, row.channels = list(services), list(channels)
    tx.session.add(row)
    tx.session.flush()
