"""Phone calls: those that page a person, and what was recorded of those that came in."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned


class Call(Owned, Base):
    """A paging call, written before it is placed. `token` stands in its callback addresses and belongs to it alone.

    `status` is Twilio's word; `sequence` the highest SequenceNumber seen, so that a late callback changes nothing.
    `step` is the step of the policy it was made for.
    """

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_incident", "incident_id"), Index("ix_calls_job", "job_id"))

    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incidents.id"))
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"))
    responder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responders.id"))
    responder_name: Mapped[str]
    to: Mapped[str]
    step: Mapped[int]
    paging_run: Mapped[int]
    token: Mapped[str] = mapped_column(unique=True)
    sid: Mapped[str | None] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(default="planned")
    sequence: Mapped[int] = mapped_column(default=-1)
    placed_at: Mapped[datetime]
    placed_real: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    digits: Mapped[str] = mapped_column(default="")


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
