"""The incident as programs see it, made from the one projection that card and phone read too."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from app.settings import Settings
from incidents.models import Incident
from incidents.policies import DEFAULT
from incidents.ports import Neighbour
from incidents.store import Transaction
from incidents.summary import Person, Summary, summarize, summarize_all
from incidents.words import Route, Sentiment, Severity, Source, Status, Triage, Urgency


class NeighbourShape(BaseModel):
    """Something that happened before and is alike."""

    source: str = Field(description="`incident:<uuid>` or `seed:<name>`")
    title: str
    category: str
    similarity: float = Field(description="cosine, 1 is the same")
    helped: str | None = Field(description="what ended it then")
    number: int | None

    @classmethod
    def of(cls, neighbour: Neighbour) -> Self:
        return cls(
            source=neighbour.source,
            title=neighbour.title,
            category=neighbour.category,
            similarity=neighbour.similarity,
            helped=neighbour.helped,
            number=neighbour.number,
        )


class RemedyShape(BaseModel):
    """Something that helped before."""

    text: str
    source: str = Field(description="the entry it comes from: `incident:<uuid>` or `seed:<name>`")
    title: str
    number: int | None


class SuspectShape(BaseModel):
    """An open incident that this one may be the same trouble as."""

    number: int
    title: str
    similarity: float | None = Field(description="cosine, 1 is the same")


class StatusShape(BaseModel):
    """Where an incident stands: what triage found, who has it, whom paging calls."""

    id: str = Field(description="given by the reporter, or made")
    number: int = Field(description="the 42 of #42")
    title: str
    status: Status
    triage: Triage
    severity: Severity
    category: str | None
    confidence: float | None
    route: Route | None = Field(description="who decided the category")
    why: str | None
    channel: str | None
    channel_id: str | None
    ticket: str | None
    ticket_url: str | None
    page: str = Field(description="what paging is doing, in words")
    next_page_at: datetime | None
    opened_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    resolved_by: str | None
    resolved_at: datetime | None
    merged_into: int | None = Field(description="number of the incident that it turned out to be")
    suspects: list[SuspectShape] = Field(
        description="open ones that it may be, the most similar first: merge it or not"
    )
    status_url: str


class IncidentShape(StatusShape):
    """The whole incident."""

    description: str
    type: str | None
    service: str | None
    project: str
    policy: str = Field(description="by which people are called about it")
    source: Source = Field(description="the door by which the report came in")
    reported_by: str
    reported_source: str | None = Field(description="the reporting system's own name")
    metadata: dict[str, Any]
    similar: list[NeighbourShape]
    helped: list[NeighbourShape] = Field(description="what helped last time, the nearest first")
    urgency: Urgency | None = Field(description="how soon something must be done")
    sentiment: Sentiment | None = Field(description="how the reporter sounds")
    reply: str | None = Field(description="a draft to the reporter, sent to nobody")
    remediation: list[RemedyShape] = Field(description="what to try, in the words of what it comes from")


def whole(tx: Transaction, incident: Incident, settings: Settings) -> IncidentShape:
    return shape(summarize(tx, incident), incident, settings)


def whole_of_all(tx: Transaction, incidents: Sequence[Incident], settings: Settings) -> list[IncidentShape]:
    summaries = summarize_all(tx, incidents)
    return [shape(summary, incident, settings) for summary, incident in zip(summaries, incidents, strict=True)]


def shape(summary: Summary, incident: Incident, settings: Settings) -> IncidentShape:
    return IncidentShape.model_validate(fields(summary, incident, settings))


def fields(summary: Summary, incident: Incident, settings: Settings) -> dict[str, Any]:
    """The members of `IncidentShape`; `StatusShape` takes those that it knows."""
    return {
        "id": summary.ref,
        "number": summary.number,
        "title": summary.title,
        "description": summary.description,
        "type": summary.kind,
        "service": incident.service,
        "project": summary.project,
        "policy": incident.policy.get("name", DEFAULT),
        "status": summary.status,
        "triage": summary.triage,
        "severity": summary.severity,
        "category": summary.category,
        "confidence": summary.confidence,
        "route": summary.route,
        "why": summary.why,
        "similar": [NeighbourShape.of(each) for each in summary.similar],
        "helped": [NeighbourShape.of(each) for each in summary.helped],
        "urgency": summary.urgency,
        "sentiment": summary.sentiment,
        "reply": summary.reply,
        "remediation": [RemedyShape.model_validate(asdict(remedy)) for remedy in summary.remediation],
        "channel": summary.channel,
        "channel_id": summary.channel_id,
        "ticket": summary.ticket,
        "ticket_url": summary.ticket_url,
        "merged_into": incident.merged_into,
        "suspects": [
            SuspectShape(number=each.number, title=each.title, similarity=each.similarity) for each in summary.suspects
        ],
        "page": summary.page,
        "next_page_at": summary.next_page_at,
        "reported_by": summary.reported_by.handle,
        "source": summary.source,
        "reported_source": incident.details.get("source"),
        "metadata": incident.details.get("metadata", {}),
        "opened_at": summary.opened_at,
        "acknowledged_by": _handle(summary.acknowledged_by),
        "acknowledged_at": summary.acknowledged_at,
        "resolved_by": _handle(summary.resolved_by),
        "resolved_at": summary.resolved_at,
        "status_url": f"{settings.public_url}/api/v1/incidents/{summary.ref}/status",
    }


def _handle(person: Person | None) -> str | None:
    return person.handle if person else None


class ProblemShape(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="what is wrong and what to do")
    request_id: str | None
    errors: list[dict[str, str]] = Field(default=[], description="field by field: `in`, `field`, `problem`")


class JobShape(BaseModel):
    """Something that the incident owes to the outside world."""

    id: UUID
    kind: str
    key: str
    due: datetime
    attempts: int
    claimed: bool = Field(description="a worker is at it")
    done_at: datetime | None
    outcome: str | None = Field(description="`done`, `failed` or `cancelled`; null while it is owed")
    error: str | None
