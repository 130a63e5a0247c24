"""What models were asked, and which of them are away."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base


class ModelCalls(Base):
    """So many calls of a model on a day (UTC, the store's time). Counts only grow.

    `outcome` is `asked`, counted before the call, or one of `incidents.model_calls.Outcome`, counted after it.
    """

    __tablename__ = "model_calls"

    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float]
    tokens: Mapped[int] = mapped_column(BigInteger)


class ModelState(Base):
    """A model that failed last, and until when it is left alone; one that works has no row."""

    __tablename__ = "model_states"

    model: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    resting_until: Mapped[datetime | None]
    reason: Mapped[str]
