"""/api/v1/organizations: the caller's own, and what it has set."""

import uuid
from typing import Annotated, Self

from apiflask import APIBlueprint
from pydantic import AfterValidator, BaseModel, Field

from incidents import dialling, members, organizations, tenants
from incidents.errors import NotFound
from incidents.models import Organization
from incidents.roles import Role
from incidents.store import Transaction
from web.api.texts import AddressedName
from web.caller import caller
from web.conflicts import CONFLICT, conflicts
from web.desk import desk

LOOK = "GET /api/v1/organizations shows yours."

api = APIBlueprint("organizations", __name__, tag="Organizations")


def _country(code: str) -> str:
    if code not in dialling.COUNTRIES:
        raise ValueError("name countries by their ISO 3166 codes, like US, DE or GB")
    return code


class OrganizationBody(BaseModel):
    name: AddressedName
    default_role: Role | None = Field(
        None,
        description="of full members of the Slack workspace who are no members here; null is none at all, and left out "
        "it stays as it is",
    )

    countries: list[Annotated[str, AfterValidator(_country)]] | None = Field(
        None, max_length=250, description="whose numbers may be called, like US or DE; left out they stay as they are"
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
@api.doc(summary="The organization of the key; all of them for the key of the settings")
def all_organizations() -> OrganizationsShape:
    if caller().organization is None:
        with desk().database.begin() as session:
            everybody = tenants.all_of(session)
            return OrganizationsShape(organizations=[OrganizationShape.of(each) for each in everybody])
    with desk().store.begin() as tx:
        return OrganizationsShape(organizations=[OrganizationShape.of(organizations.own(tx))])


@api.put("/api/v1/organizations/<organization>")
@api.input(OrganizationBody, arg_name="body", example={"name": "Globex", "default_role": "member"})
@api.output(OrganizationShape)
@api.doc(
    summary="Change its name, the countries that are called, the role of who is in Slack and no member",
    responses=CONFLICT,
)
def change(organization: str, body: OrganizationBody) -> OrganizationShape:
    """The organization is named by id or by name."""
    with desk().store.begin() as tx:
        _demand_own(tx, organization)
        with conflicts():
            if body.countries is not None:
                members.call_only(tx, body.countries)
        changed = organizations.change(tx, name=body.name)
        if "default_role" in body.model_fields_set:
            changed.default_role = body.default_role
        return OrganizationShape.of(changed)


def _demand_own(tx: Transaction, named: str) -> None:
    if named not in (str(tx.organization), organizations.own(tx).name):
        raise NotFound(f"There is no organization {named[:70]!r}.", look=LOOK)
