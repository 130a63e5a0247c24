"""On-call schedules as they are kept; `incidents.schedules` says what they mean."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, OwedPost, Owned


class ScheduleRow(Owned, Base):
    """`layers` are written and read by `incidents.layers`; the last one that names somebody counts. `zone` is IANA's.

    Whoever knows `feed` may read the schedule as a calendar. `hand_over_channel` is where hand-overs are told.
    """

    __tablename__ = "schedules"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    name: Mapped[str]
    zone: Mapped[str]
    layers: Mapped[list[Any]]
    feed: Mapped[str] = mapped_column(unique=True)
    hand_over_channel: Mapped[str | None]
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


class ShiftChange(OwedPost, Owned, Base):
    """Somebody else came on call in a schedule: `came` at the moment `at`, after the shift of `went`. None is nobody.

    The last one, by `n`, is what was seen last. One that there is nothing to tell of is done from the beginning.
    """

    __tablename__ = "shift_changes"
    __table_args__ = (
        Index("ix_shift_changes_schedule", "schedule_id", "n"),
        Index("ix_shift_changes_owed", "next_at", postgresql_where="done_at IS NULL"),
    )

    schedule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("schedules.id", ondelete="CASCADE"))
    went: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("members.id"))
    came: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("members.id"))
    began: Mapped[datetime]
    ended: Mapped[datetime]
    at: Mapped[datetime]
    n: Mapped[int] = mapped_column(BigInteger, Identity())
