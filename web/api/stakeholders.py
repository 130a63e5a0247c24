"""/api/v1/stakeholders: who wants to know of some incidents, and is never paged."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from incidents import stakeholders
from incidents.stakeholders import Stakeholder
from incidents.store import Transaction
from web.api.matching import ForShape
from web.api.texts import AddressedName, ChannelId
from web.desk import desk

api = APIBlueprint("stakeholders", __name__, tag="On call")


class StakeholderBody(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    name: AddressedName
    channel: ChannelId = Field(description="the channel's id in Slack; it stands at the end of the channel's details")
    slack_user: Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,30}$")] | None = Field(
        None, description="somebody who is mentioned there"
    )
    for_: ForShape = Field(default_factory=ForShape, alias="for", description="all incidents if left out")


class StakeholderShape(StakeholderBody):
    id: UUID

    @classmethod
    def of(cls, tx: Transaction, each: Stakeholder) -> Self:
        of = ForShape.of(tx, each.match)
        told = {"id": each.id, "name": each.name, "channel": each.channel, "slack_user": each.slack_user, "for": of}
        return cls.model_validate(told)


class StakeholdersShape(BaseModel):
    stakeholders: list[StakeholderShape]

    @classmethod
    def of(cls, tx: Transaction, known: Sequence[Stakeholder]) -> Self:
        return cls(stakeholders=[StakeholderShape.of(tx, each) for each in known])


@api.get("/api/v1/stakeholders")
@api.output(StakeholdersShape)
@api.doc(summary="All who want to know of some incidents")
def all_stakeholders() -> StakeholdersShape:
    with desk().store.begin() as tx:
        return StakeholdersShape.of(tx, stakeholders.all_of(tx))


@api.post("/api/v1/stakeholders")
@api.input(
    StakeholderBody,
    arg_name="body",
    example={"name": "Support", "channel": "C0SUPPORT", "for": {"services": ["checkout"]}},
)
@api.output(StakeholderShape, 201)
@api.doc(summary="Tell somebody of some incidents")
def make(body: StakeholderBody) -> StakeholderShape:
    """They are told in that channel when such an incident opens, is taken, is resolved or opens again."""
    with desk().store.begin() as tx:
        made = stakeholders.make(
            tx, name=body.name, channel=body.channel, slack_user=body.slack_user, match=body.for_.match(tx)
        )
        return StakeholderShape.of(tx, made)


@api.delete("/api/v1/stakeholders/<stakeholder>")
@api.output(StakeholdersShape)
@api.doc(summary="Tell them no more")
def remove(stakeholder: str) -> StakeholdersShape:
    """Named by id or by name. Answers with those who are left."""
    with desk().store.begin() as tx:
        return StakeholdersShape.of(tx, stakeholders.remove(tx, stakeholder))
