"""The promises: jobs that incidents owe, and the attempts to keep them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned


class Job(Owned, Base):
    """One thing to do to the outside world.

    `due` is in the store's time and says when. `claimed_until` is in real time and keeps others away while a worker is
    at it (a clock moved forward must not end leases). `generation` grows when a standing job is owed again, so that a
    run that began before does not count as its end. `outcome` is `done`, `failed` or `cancelled` once `done_at` is set.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("incident_id", "kind", "key"),
        Index("ix_jobs_open", "due", postgresql_where="done_at IS NULL"),
        Index("ix_jobs_failed", "kind", postgresql_where="outcome = 'failed'"),
    )

    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incidents.id"))
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(default="")
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    due: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    rung_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    generation: Mapped[int] = mapped_column(default=1)
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    error: Mapped[str | None]


class Attempt(Owned, Base):
    """One claim of a job, committed before its effect. Without `ended_at` nobody knows whether the effect happened.

    `started_real` is the machine's time, for questions to providers, who know nothing of the store's clock. `due` is
    when the job was due then; `measured` that its lateness is counted.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("job_id", "n"),
        Index("ix_attempts_to_measure", "ended_at", postgresql_where="NOT measured AND ended_at IS NOT NULL"),
    )

    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"))
    n: Mapped[int]
    due: Mapped[datetime | None]
    started_at: Mapped[datetime]
    started_real: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    error: Mapped[str | None]
    measured: Mapped[bool] = mapped_column(default=False, server_default=false())
