"""/api/v1/organizations: the caller's own, and what it has set."""

import uuid
from typing import Annotated, Self

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import organizations
from incidents.errors import NotFound
from incidents.models import Organization
from incidents.roles import Role
from incidents.store import Transaction
from web.api.texts import AddressedName
from web.desk import desk

LOOK = "GET /api/v1/organizations shows yours."

api = APIBlueprint("organizations", __name__, tag="Organizations")


class OrganizationBody(BaseModel):
    name: AddressedName
    default_role: Role | None = Field(
        Role.RESPONDER,
        description="of full members of the Slack workspace who are no members here; null is none at all",
    )

    countries: list[Annotated[str, Field(pattern="^[A-Z]{2}$")]] | None = Field(
        None, max_length=250, description="whose numbers may be called, like US or DE; as they are when left out"
    )


class OrganizationShape(BaseModel):
    id: uuid.UUID
    name: str
    default_role: Role | None
    countries: list[str]
    slack_team: str | None
    categories: list[str]

    @classmethod
    def of(cls, row: Organization) -> Self:
        return cls(
            id=row.id,
            name=row.name,
            default_role=row.default_role,
            countries=row.countries,
            slack_team=row.slack_team,
            categories=row.categories,
        )


class OrganizationsShape(BaseModel):
    organizations: list[OrganizationShape]


@api.get("/api/v1/organizations")
@api.output(OrganizationsShape)
@api.doc(summary="The organization of the key")
def all_organizations() -> OrganizationsShape:
    with desk().store.begin() as tx:
        return OrganizationsShape(organizations=[OrganizationShape.of(organizations.own(tx))])


@api.put("/api/v1/organizations/<organization>")
@api.input(OrganizationBody, arg_name="body", example={"name": "Globex", "default_role": "member"})
@api.output(OrganizationShape)
@api.doc(summary="Change its name, which countries are called, and the role of who is in Slack and no member")
def change(organization: str, body: OrganizationBody) -> OrganizationShape:
    """The organization is named by id or by name."""
    with desk().store.begin() as tx:
        _demand_own(tx, organization)
        return OrganizationShape.of(organizations.change(tx, **body.model_dump()))


def _demand_own(tx: Transaction, named: str) -> None:
    if named not in (str(tx.organization), organizations.own(tx).name):
        raise NotFound(f"There is no organization {named[:70]!r}.", look=LOOK)
