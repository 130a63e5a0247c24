"""/api/v1/organizations, for whoever runs the server: made, exported, removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.bootstrap import NotReady, plant
from incidents import clock, keys, tenants
from incidents.errors import NotFound, PermanentError, TemporaryError
from incidents.models import Organization
from incidents.roles import Role
from web.api.download import download
from web.api.keys import KeyBody, KeyShape, MadeShape
from web.api.organizations import LOOK, OrganizationShape, OrganizationsShape
from web.api.texts import AddressedName
from web.caller import caller
from web.conflicts import CONFLICT, conflicts
from web.desk import desk
from web.refusal import Refusal

OPERATOR = "Whoever runs the server does that, with the key of the settings (ADMIN_API_KEY)."

api = APIBlueprint("tenants", __name__, tag="Organizations")

log = structlog.get_logger(__name__)


class NewBody(BaseModel):
    name: AddressedName


class NewShape(BaseModel):
    organization: OrganizationShape
    key: str = Field(description="an admin's key for it; it is shown this once")


class GoneQuery(BaseModel):
    confirm: str = Field("", max_length=100, description="the organization's name, once it was exported")


@api.post("/api/v1/organizations")
@api.input(NewBody, arg_name="body", example={"name": "Globex"})
@api.output(NewShape, 201)
@api.doc(summary="A new organization, with an admin's key for it")
def make(body: NewBody) -> NewShape:
    """It has members, schedules, policies, incidents, keys and a memory of its own. Slack and Jira are the first
    one's: its incidents come in over REST, and its people are called.
    """
    _demand_operator()
    with desk().database.begin() as session:
        made = tenants.make(session, name=body.name)
        shown, id = OrganizationShape.of(made), made.id
    with desk().database.store(id).begin() as tx:
        _, key = keys.make(tx, name="first admin", role=Role.ADMIN, days=None, by=caller().name)
    plant(desk().database.store(id), desk().providers)
    return NewShape(organization=shown, key=key)


@api.post("/api/v1/organizations/<organization>/keys")
@api.input(KeyBody, arg_name="body", example={"name": "an admin of theirs", "role": "admin", "days": 30})
@api.output(MadeShape, 201)
@api.doc(summary="Make a key for an organization; it is shown this once")
def make_key(organization: str, body: KeyBody) -> MadeShape:
    """For one whose admins have lost theirs."""
    with desk().database.begin() as session:
        id = _found(session, organization).id
    _demand_operator()
    with desk().database.store(id).begin() as tx:
        row, key = keys.make(tx, name=body.name, role=body.role, days=body.days, by=caller().name)
        return MadeShape(**dict(KeyShape.of(row, clock.real(tx.session))), key=key)


@api.get("/api/v1/organizations/<organization>/export")
@api.doc(summary="All rows of an organization, as lines of JSON")
def export(organization: str) -> Response:
    """`{"table": …, "row": {…}}` a line, those first that others point at. What opens something (digests of keys and
    codes, addresses of calendars and calls) is left out.
    """
    answer = download(_rows(organization), name="organization.ndjson")
    log.info("organization_exported", organization=organization, by=caller().name)
    return answer


@api.delete("/api/v1/organizations/<organization>")
@api.input(GoneQuery, location="query", arg_name="query")
@api.output(OrganizationsShape)
@api.doc(summary="Remove an organization for good", responses=CONFLICT)
def remove(organization: str, query: GoneQuery) -> OrganizationsShape:
    """Within an hour after its export, and with its name as `confirm`. Answers with those that are left."""
    with desk().database.begin() as session, conflicts():
        found = _found(session, organization)
        _demand_operator()
        name, id = found.name, found.id
        tenants.demand_removable(session, found)
        if query.confirm != name:
            raise Refusal(409, f"This removes {name} for good. Send the same with ?confirm={name} to do it.")
        tenants.remove(session, found)
        left = OrganizationsShape(organizations=[OrganizationShape.of(each) for each in tenants.all_of(session)])
    log.warning("organization_removed", name=name, by=caller().name)
    try:
        desk().providers.memory.drop(id)
    except (TemporaryError, PermanentError, NotReady) as error:
        log.warning("memory_not_dropped", organization=str(id), reason=str(error))
    return left


@contextmanager
def _rows(organization: str) -> Iterator[Iterator[dict[str, Any]]]:
    with desk().database.begin() as session:
        yield tenants.export(session, _found(session, organization))


def _found(session: Session, named: str) -> Organization:
    """Of others than their own only whoever runs the server knows. Raises: NotFound."""
    found = tenants.find(session, named)
    if caller().organization not in (None, found.id):
        raise NotFound(f"There is no organization {named[:70]!r}.", look=LOOK)
    return found


def _demand_operator() -> None:
    if caller().organization is not None:
        raise Refusal(403, OPERATOR)
