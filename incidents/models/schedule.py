"""On-call schedules as they are kept; `incidents.schedules` says what they mean."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned


class ScheduleRow(Owned, Base):
    """`layers` are written and read by `incidents.layers`; the last one that names somebody counts. `zone` is IANA's.

    Whoever knows `feed` may read the schedule as a calendar.
    """

    __tablename__ = "schedules"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    name: Mapped[str]
    zone: Mapped[str]
    layers: Mapped[list[Any]]
    feed: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


class OverrideRow(Owned, Base):
    """That person instead of whoever it would be. `n` says which was made last, for that one counts.

    Those that a calendar brought (`imported`) are covered by those that people made, whenever that was.
    """

    __tablename__ = "overrides"
    __table_args__ = (
        CheckConstraint("begins < ends", name="length"),
        Index("ix_overrides_schedule", "schedule_id", "ends"),
    )

    schedule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("schedules.id", ondelete="CASCADE"))
    responder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id"))
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    imported: Mapped[bool] = mapped_column(default=False)
    n: Mapped[int] = mapped_column(BigInteger, Identity())
