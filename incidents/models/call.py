"""Phone calls: those that page a person, those in which a person calls back, and what was recorded on the hotline."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned


class Call(Owned, Base):
    """A paging call, written before it is placed. `token` stands in its callback addresses and belongs to it alone.

    `incident_id` and `job_id` are those that it was placed for; its pages say for which incidents it asks.
    `status` is Twilio's word; `sequence` the highest SequenceNumber seen, so that a late callback changes nothing.
    `round` counts how often the person was told of incidents: 1 is the message that the call begins with.
    `ending_at` is set when we begin to hang up.
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_incident", "incident_id"),
        Index("ix_calls_job", "job_id"),
        Index("ix_calls_line", "to", "placed_at"),
    )

    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incidents.id"))
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"))
    responder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id"))
    responder_name: Mapped[str]
    to: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    sid: Mapped[str | None] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(default="planned")
    sequence: Mapped[int] = mapped_column(default=-1)
    round: Mapped[int] = mapped_column(default=1)
    placed_at: Mapped[datetime]
    placed_real: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ending_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    digits: Mapped[str] = mapped_column(default="")


class Page(Owned, Base):
    """One incident in one call: what asks the person for an acknowledgement.

    `paging_run` and `rung` say where on the ladder it stands; a call that somebody asked for by hand has no rung.
    `said` is the round in which the person was told of it; None until then. `passed_on_at` is when the person gave it
    to the next one.
    """

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("call_id", "job_id"), Index("ix_pages_incident", "incident_id"))

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"))
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incidents.id"))
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"))
    paging_run: Mapped[int]
    rung: Mapped[int | None]
    made_at: Mapped[datetime]
    said: Mapped[int | None]
    passed_on_at: Mapped[datetime | None]


class ReturnCall(Owned, Base):
    """Somebody who was called calls the hotline, and is offered what they were called about.

    `incident_id` is the incident that was opened when the hotline picked up; `pages` are the ids of the pages that are
    offered. `answers` counts the PINs that were given, and `proved_at` is when one was right.
    """

    __tablename__ = "return_calls"

    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incidents.id"))
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id"))
    phone: Mapped[str]
    sid: Mapped[str] = mapped_column(unique=True)
    pages: Mapped[list[Any]]
    begun_at: Mapped[datetime]
    answers: Mapped[int] = mapped_column(default=0)
    proved_at: Mapped[datetime | None]


class Recording(Owned, Base):
    """What a caller said. `file` is a name below the recordings folder, set once the audio is safely there."""

    __tablename__ = "recordings"

    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incidents.id"), index=True)
    sid: Mapped[str] = mapped_column(unique=True)
    recorded_at: Mapped[datetime]
    seconds: Mapped[int | None]
    file: Mapped[str | None]
    transcript: Mapped[str | None]
    confidence: Mapped[float | None]
