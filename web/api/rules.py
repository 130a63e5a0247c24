"""/api/v1/members/…/rules: when, and how often, somebody is not to be called for less than HIGH."""

from datetime import timedelta
from typing import Annotated, Self

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import members, people
from incidents.people import Known
from incidents.rules import Rules
from incidents.walltime import zone_named
from web.api.windows import WindowShape
from web.desk import desk

api = APIBlueprint("rules", __name__, tag="Members")


class QuietShape(WindowShape):
    zone: Annotated[str, Field(max_length=64)] = Field(description="IANA's name, like Europe/Berlin")


class RulesShape(BaseModel):
    """What is null, or left out, is no such rule."""

    quiet: QuietShape | None = Field(None, description="somebody else is called then; when all rest, it waits")
    most_calls: int | None = Field(
        None, ge=1, le=100, description="in twelve hours; then somebody else is called, or it waits"
    )
    gap: int | None = Field(
        None, ge=60, le=43_200, description="seconds between two calls; what comes meanwhile waits for one call"
    )

    @property
    def rules(self) -> Rules:
        """Raises: IncidentError."""
        return Rules(
            zone=zone_named(self.quiet.zone if self.quiet else "UTC"),
            quiet=self.quiet.window if self.quiet else None,
            most_calls=self.most_calls,
            gap=None if self.gap is None else timedelta(seconds=self.gap),
        )

    @classmethod
    def of(cls, person: Known) -> Self:
        return cls.model_validate(person.rules.written())


@api.get("/api/v1/members/<member>/rules")
@api.output(RulesShape)
@api.doc(summary="When, and how often, a member is not called")
def read(member: str) -> RulesShape:
    with desk().store.begin() as tx:
        return RulesShape.of(people.named(tx, member))


@api.put("/api/v1/members/<member>/rules")
@api.input(RulesShape, arg_name="body", example={"quiet": {"from": "22:00", "to": "07:00", "zone": "Europe/Berlin"}})
@api.output(RulesShape)
@api.doc(summary="Change when, and how often, a member is not called")
def change(member: str, body: RulesShape) -> RulesShape:
    """HIGH is called about all the same, and so is what somebody escalates when there is nobody else."""
    with desk().store.begin() as tx:
        return RulesShape.of(members.give_rules(tx, people.named(tx, member), body.rules))
