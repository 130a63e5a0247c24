"""GET /api/v1/incidents/…: one incident, its status and its timeline."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel

from incidents import names, timeline
from incidents.summary import summarize
from web.api.shapes import IncidentShape, StatusShape, fields, whole
from web.desk import desk

api = APIBlueprint("reading", __name__, tag="Incidents")


class EntryShape(BaseModel):
    at: datetime
    kind: str
    actor: str
    details: dict[str, Any]


class TimelineShape(BaseModel):
    """What happened, the oldest first."""

    id: str
    number: int
    timeline: list[EntryShape]


@api.get("/api/v1/incidents/<name>")
@api.output(IncidentShape)
@api.doc(summary="One incident, by number (42, incident-42) or id")
def incident(name: str) -> IncidentShape:
    with desk().store.begin() as tx:
        return whole(tx, names.find(tx, name), desk().settings)


@api.get("/api/v1/incidents/<name>/status")
@api.output(StatusShape)
@api.doc(summary="Where it stands: triage, people, paging")
def status(name: str) -> StatusShape:
    with desk().store.begin() as tx:
        found = names.find(tx, name)
        return StatusShape.model_validate(fields(summarize(tx, found), found, desk().settings))


@api.get("/api/v1/incidents/<name>/timeline")
@api.output(TimelineShape)
@api.doc(summary="What happened to it")
def timeline_of(name: str) -> TimelineShape:
    with desk().store.begin() as tx:
        found = names.find(tx, name)
        entries = [
            EntryShape(at=entry.at, kind=entry.kind, actor=entry.actor, details=entry.details)
            for entry in timeline.read(tx, found)
        ]
        return TimelineShape(id=found.ref, number=found.number, timeline=entries)
