"""/api/v1/silences: for a time nobody is paged about some incidents."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import silences
from incidents.models import SilenceRow
from incidents.words import Severity
from web.api.actions import Name, Said
from web.api.report import AnySeverity
from web.api.times import Moment
from web.caller import actor
from web.desk import desk

api = APIBlueprint("silences", __name__, tag="On call")


class SilenceBody(BaseModel):
    reason: Annotated[Said, Field(min_length=1, max_length=200)] = Field(description="what people read about it")
    begins: Moment | None = Field(None, description="now if left out")
    ends: Moment
    severities: list[AnySeverity] = Field(
        [Severity.LOW, Severity.MEDIUM], min_length=1, description="HIGH goes through unless it is named"
    )
    categories: list[Annotated[str, Field(max_length=50)]] = Field(
        [], max_length=50, description="all if left out, also what has none yet"
    )
    by: Name = ""


class SilenceShape(BaseModel):
    id: UUID
    reason: str
    begins: datetime
    ends: datetime
    severities: list[Severity]
    categories: list[str]
    made_by: str
    ended_by: str | None = Field(description="who ended it before its time")

    @classmethod
    def of(cls, row: SilenceRow) -> Self:
        return cls(
            id=row.id,
            reason=row.reason,
            begins=row.begins,
            ends=row.ended_at or row.ends,
            severities=row.severities,
            categories=row.categories,
            made_by=row.made_by,
            ended_by=row.ended_by,
        )


class SilencesShape(BaseModel):
    silences: list[SilenceShape]


@api.get("/api/v1/silences")
@api.output(SilencesShape)
@api.doc(summary="The silences that hold now or will")
def to_come() -> SilencesShape:
    with desk().store.begin() as tx:
        return SilencesShape(silences=[SilenceShape.of(row) for row in silences.to_come(tx)])


@api.post("/api/v1/silences")
@api.input(
    SilenceBody,
    arg_name="body",
    example={"reason": "Database maintenance", "ends": "2030-03-02T04:00:00Z", "categories": ["database"]},
)
@api.output(SilenceShape, 201)
@api.doc(summary="Page nobody for a time")
def make(body: SilenceBody) -> SilenceShape:
    """Incidents are opened, shown and ticketed as ever; calls wait for the end. Who escalates has somebody called."""
    with desk().store.begin() as tx:
        made = silences.make(
            tx,
            reason=body.reason,
            begins=body.begins or tx.now,
            ends=body.ends,
            severities=set(body.severities),
            categories=body.categories,
            by=actor(body.by).name,
        )
        return SilenceShape.of(made)


@api.delete("/api/v1/silences/<silence>")
@api.output(SilenceShape)
@api.doc(summary="End a silence now")
def end(silence: str) -> SilenceShape:
    """What it held and nobody acknowledged meanwhile is called about at once."""
    with desk().store.begin() as tx:
        return SilenceShape.of(silences.end(tx, silence, by=actor().name))
