"""What the product keeps about itself: the last audit, what admins were told, heartbeats, how late jobs were."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, OwedPost


class AuditState(Base):
    """One row: what the last audit found, in the machine's time. `bad_at` is when it was bad last."""

    __tablename__ = "audit"

    one: Mapped[bool] = mapped_column(primary_key=True)
    audited_at: Mapped[datetime]
    findings: Mapped[list[Any]]
    bad_at: Mapped[datetime | None]
    pinged_at: Mapped[datetime | None]
    pings_sent: Mapped[int] = mapped_column(BigInteger, default=0)
    pings_failed: Mapped[int] = mapped_column(BigInteger, default=0)


class AdminNotice(OwedPost, Base):
    """One message to the admins, owed from the audit that made it. All in the machine's time.

    `good` says that all is well again; `kinds` are the findings that it tells.
    """

    __tablename__ = "admin_notices"

    made_at: Mapped[datetime]
    good: Mapped[bool]
    kinds: Mapped[list[Any]]
    text: Mapped[str]


class Heartbeat(Base):
    """When any process of that part said last that it works."""

    __tablename__ = "heartbeats"

    part: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Lateness(Base):
    """A histogram's cell: so many attempts of that kind were so late. Counts only grow.

    `stage` is `begun` or `done`; `cell` is the place in `incidents.lateness.BUCKETS`, one more for what is later still.
    """

    __tablename__ = "lateness"

    kind: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    cell: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float]
