"""POST …/ack, /resolve, /escalate, /reopen, /merge: what people do in Slack and by phone, for programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import AfterValidator, BaseModel, Field, StrictInt

from incidents import lifecycle, merging, names
from incidents.models import Incident
from incidents.people import Actor
from incidents.reports import cleaned
from incidents.store import Transaction
from web.api.shapes import IncidentShape, whole
from web.caller import actor
from web.conflicts import CONFLICT, conflicts
from web.desk import desk

api = APIBlueprint("actions", __name__, tag="Actions")

Said = Annotated[str, Field(max_length=2000), AfterValidator(cleaned)]
Name = Annotated[str, Field(max_length=100), AfterValidator(cleaned)]


class By(BaseModel):
    by: Name = Field("", description="who does it; the key's name when nobody is named")

    @property
    def actor(self) -> Actor:
        return actor(self.by)


class How(By):
    how: Said = Field("", description="what ended it; the memory learns from it")


class Reason(By):
    reason: Said = ""


class Onward(By):
    into: Annotated[str, Field(max_length=80)] | StrictInt = Field(description="number or id of the one that goes on")


class ActedShape(IncidentShape):
    changed: bool = Field(description="false when it was so already")


class EscalatedShape(IncidentShape):
    calling: str | None = Field(description="who is called now; null when nobody is left to call")


@contextmanager
def locked(name: str) -> Iterator[tuple[Transaction, Incident]]:
    """The incident, locked, in a transaction. What its state does not allow is a conflict, not bad input."""
    with desk().store.begin() as tx:
        incident = names.find(tx, name, lock=True)
        with conflicts():
            yield tx, incident


@api.post("/api/v1/incidents/<name>/ack")
@api.input(By, arg_name="body")
@api.output(ActedShape)
@api.doc(summary="Acknowledge: paging ends", responses=CONFLICT)
def acknowledge(name: str, body: By) -> ActedShape:
    with locked(name) as (tx, incident):
        before = incident.acknowledged_by
        taken = lifecycle.acknowledge(tx, incident, by=body.actor)
        return _acted(tx, incident, changed=taken.by_you and before is None)


@api.post("/api/v1/incidents/<name>/resolve")
@api.input(How, arg_name="body")
@api.output(ActedShape)
@api.doc(summary="Resolve: it is over", responses=CONFLICT)
def resolve(name: str, body: How) -> ActedShape:
    with locked(name) as (tx, incident):
        return _acted(tx, incident, changed=lifecycle.resolve(tx, incident, by=body.actor, how=body.how or None))


@api.post("/api/v1/incidents/<name>/reopen")
@api.input(Reason, arg_name="body")
@api.output(ActedShape)
@api.doc(summary="Reopen: it is not over after all", responses=CONFLICT)
def reopen(name: str, body: Reason) -> ActedShape:
    with locked(name) as (tx, incident):
        lifecycle.reopen(tx, incident, by=body.actor, reason=body.reason or "no reason given")
        return _acted(tx, incident, changed=True)


@api.post("/api/v1/incidents/<name>/merge")
@api.input(Onward, arg_name="body", example={"into": 41, "by": "Bea"})
@api.output(ActedShape)
@api.doc(summary="Merge: it is the same trouble as another one, which goes on", responses=CONFLICT)
def merge(name: str, body: Onward) -> ActedShape:
    with desk().store.begin() as tx:
        incident, into = merging.both(tx, name, str(body.into))
        with conflicts():
            return _acted(tx, incident, changed=merging.merge(tx, incident, into=into, by=body.actor))


@api.post("/api/v1/incidents/<name>/escalate")
@api.input(Reason, arg_name="body")
@api.output(EscalatedShape)
@api.doc(summary="Escalate: call the next person now", responses=CONFLICT)
def escalate(name: str, body: Reason) -> EscalatedShape:
    with locked(name) as (tx, incident):
        responder = lifecycle.escalate(tx, incident, by=body.actor, reason=body.reason or "asked for")
        shown = whole(tx, incident, desk().settings)
        return EscalatedShape(**dict(shown), calling=responder.name if responder else None)


def _acted(tx: Transaction, incident: Incident, *, changed: bool) -> ActedShape:
    return ActedShape(**dict(whole(tx, incident, desk().settings)), changed=changed)
