"""Organizations beside the first: made by whoever runs the server, exported as a whole, removed for good.

The first one is whose Slack and Jira the settings name. Works with sessions that see all organizations.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from incidents import clock, exports, organizations
from incidents.errors import IncidentError, NotFound
from incidents.models import Member, Organization
from incidents.policy import DEFAULT_POLICY
from incidents.roles import Role
from incidents.words import CATEGORIES

MOST = 1000
GIL = "+12025550199"
LOOK = "GET /api/v1/organizations lists them for whoever runs the server."
_REMOVED = text("SELECT set_config('tocsin.removed', :id, true)")
"""Only so a timeline may go."""


def all_of(session: Session) -> Sequence[Organization]:
    """The first one first."""
    return session.scalars(select(Organization).order_by(Organization.created_at, Organization.id)).all()


def make(session: Session, *, name: str) -> Organization:
    """A new one, with nobody in it. Raises: IncidentError when the name is taken."""
    known = all_of(session)
    if len(known) >= MOST:
        raise IncidentError(f"There are {MOST} organizations, and no more are kept.")
    if any(each.name.casefold() == name.casefold() for each in known):
        raise IncidentError(f"There is an organization {name!r} already. Choose another name.")
    # Never earlier than the first one, whatever the clock was set to.
    created = max([clock.read(session), *(each.created_at + timedelta(microseconds=1) for each in known)])
    made = Organization(name=name, categories=list(CATEGORIES), policy=DEFAULT_POLICY, created_at=created)
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise IncidentError(f"There is an organization {name!r} already. Choose another name.") from error
    return made


def second(session: Session) -> None:
    """For the sandbox, where one sees that two do not see each other: Globex, whose Gil is on call."""
    if len(all_of(session)) > 1:
        return
    made = make(session, name="globex")
    made.countries = organizations.with_countries_of([], [GIL])
    session.add(
        Member(
            organization_id=made.id,
            position=0,
            name="Gil",
            phone=GIL,
            phone_verified_at=made.created_at,
            role=Role.ADMIN,
        )
    )
    session.flush()


def find(session: Session, name: str) -> Organization:
    """By name or id. Raises: NotFound."""
    found = next((each for each in all_of(session) if name in (each.name, str(each.id))), None)
    if found is None:
        raise NotFound(f"There is no organization {name[:70]!r}.", look=LOOK)
    return found


def export(session: Session, organization: Organization) -> Iterator[dict[str, Any]]:
    """All its rows, table by table, those first that others point at: `{"table": …, "row": {…}}`. Without secrets."""
    exports.take_time(session)
    begun, incidents = clock.real(session), exports.incidents(session, organization)
    yield from exports.lines(session, [(exports.table_of(Organization), Organization.id == organization.id)])
    yield from exports.lines(session, _rows(organization))
    # Last, for it locks the organization.
    organization.exported_at, organization.exported_incidents = begun, incidents
    session.flush()


def _rows(organization: Organization) -> exports.Rows:
    return [(table, table.c.organization_id == organization.id) for table in exports.owned()]


def remove(session: Session, organization: Organization) -> None:
    """It is gone with all it has. Raises: IncidentError, as `demand_removable`."""
    lock = select(Organization).where(Organization.id == organization.id).with_for_update()
    session.execute(lock.execution_options(populate_existing=True))  # What is reported from here on is not accepted.
    demand_removable(session, organization)
    exports.take_time(session)
    session.execute(_REMOVED, {"id": str(organization.id)})
    for table, which in reversed(_rows(organization)):
        session.execute(delete(table).where(which))
    session.delete(organization)
    session.flush()


def demand_removable(session: Session, organization: Organization) -> None:
    """Raises: IncidentError for the first one, and for one that was not exported lately, as it is."""
    if organization.id == all_of(session)[0].id:
        raise IncidentError("The first organization stays: its Slack and its Jira are those of the settings.")
    way = f"Export it first: GET /api/v1/organizations/{organization.id}/export."
    exports.demand_exported(session, organization, way=way)
