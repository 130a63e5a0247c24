"""An incident and what was written about it: timeline, corrections, the inbox that it came in by."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned, words
from incidents.words import Route, Sentiment, Severity, Source, Status, Triage, Urgency

GOING_ON = "status IN ('open', 'acknowledged', 'mitigated')"
"""Written out, so that PostgreSQL knows the index for it."""


class Incident(Owned, Base):
    """One thing that is going wrong.

    `ref` is the id that the reporter gave or that was made; `reported_severity` is the reporter's own word and
    `severity` what counts; `predicted_category` is what triage said and `category` what counts after corrections.
    `reply` is a draft that nobody was sent; `remediation` are steps of the shape of `incidents.ports.Remedy`.
    `version` grows with every change that people can see. `paging_run` counts how often paging was started.
    `merged_into` is the number of the incident that this one turned out to be, `suspects` are numbers of those that it
    may be; below `least_severity`, that of what was merged into this one, nothing lowers the severity.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        UniqueConstraint("organization_id", "ref"),
        Index("ix_incidents_card", "channel_id", "card_ts"),
        Index("ix_incidents_project", "project_id", "number"),
        Index("ix_incidents_opened", "organization_id", "opened_at"),
        Index("ix_incidents_going_on", "organization_id", "number", postgresql_where=GOING_ON),
        Index("ix_incidents_to_page", "opened_at", postgresql_where="status = 'open'"),
        Index("ix_incidents_to_triage", "opened_at", postgresql_where="triage IN ('submitted', 'processing')"),
        Index("ix_incidents_reported_high", "opened_at", postgresql_where="reported_severity = 'HIGH'"),
    )

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id"))
    number: Mapped[int]
    ref: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    kind: Mapped[str | None]
    service: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    source: Mapped[Source] = mapped_column(words(Source))
    reporter_name: Mapped[str]
    reporter_slack: Mapped[str | None]
    reporter_phone: Mapped[str | None]
    origin_channel: Mapped[str | None]
    origin_thread: Mapped[str | None]

    status: Mapped[Status] = mapped_column(words(Status), default=Status.OPEN)
    severity: Mapped[Severity] = mapped_column(words(Severity))
    reported_severity: Mapped[Severity | None] = mapped_column(words(Severity))
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    acknowledged_slack: Mapped[str | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
    resolved_slack: Mapped[str | None]
    resolution: Mapped[str | None]
    merged_into: Mapped[int | None]
    least_severity: Mapped[Severity | None] = mapped_column(words(Severity))

    triage: Mapped[Triage] = mapped_column(words(Triage), default=Triage.SUBMITTED)
    triaged_at: Mapped[datetime | None]
    category: Mapped[str | None]
    predicted_category: Mapped[str | None]
    confidence: Mapped[float | None]
    route: Mapped[Route | None] = mapped_column(words(Route))
    predicted_route: Mapped[Route | None] = mapped_column(words(Route))
    why: Mapped[str | None]
    similar: Mapped[list[Any]] = mapped_column(default=list)
    helped: Mapped[list[Any]] = mapped_column(default=list)
    urgency: Mapped[Urgency | None] = mapped_column(words(Urgency))
    sentiment: Mapped[Sentiment | None] = mapped_column(words(Sentiment))
    reply: Mapped[str | None]
    remediation: Mapped[list[Any]] = mapped_column(default=list)
    suspects: Mapped[list[Any]] = mapped_column(default=list)

    policy: Mapped[dict[str, Any]]
    paging_run: Mapped[int] = mapped_column(default=0)

    channel_id: Mapped[str | None]
    channel_name: Mapped[str | None]
    card_ts: Mapped[str | None]
    ticket_key: Mapped[str | None]
    ticket_url: Mapped[str | None]


class TimelineEntry(Base):
    """What happened, in the order in which it was committed. Rows are only ever inserted."""

    __tablename__ = "timeline"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incidents.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    actor: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Correction(Owned, Base):
    """A person said that the category is another one. The latest that was not undone counts.

    `n` says which is the latest: a clock that is held gives several the same `at`. `voice` tells people apart where one
    may name oneself as one likes, and `by_admin` is whether they were one then.
    """

    __tablename__ = "corrections"

    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incidents.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    by_slack: Mapped[str | None]
    voice: Mapped[str | None]
    by_admin: Mapped[bool] = mapped_column(default=False)
    via: Mapped[str]
    predicted: Mapped[str | None]
    predicted_route: Mapped[Route | None] = mapped_column(words(Route))
    confidence: Mapped[float | None]
    category: Mapped[str]
    n: Mapped[int] = mapped_column(BigInteger, Identity())
    undone_at: Mapped[datetime | None]


class InboxEntry(Owned, Base):
    """A message from outside that was accepted. The same `(source, external_id)` again is the same message."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("organization_id", "source", "external_id"),)

    source: Mapped[str]
    external_id: Mapped[str]
    received_at: Mapped[datetime]
    incident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("incidents.id"))
