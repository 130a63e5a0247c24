"""Silences as they are kept; `incidents.silences` says what they mean."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from incidents.models.base import Base, Owned


class SilenceRow(Owned, Base):
    """From `begins` until `ends` incidents of those severities and categories page nobody; no category is any.

    `ended_at` is set when somebody ended it before its time.
    """

    __tablename__ = "silences"
    __table_args__ = (CheckConstraint("begins < ends", name="length"),)

    reason: Mapped[str]
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    severities: Mapped[list[Any]]
    categories: Mapped[list[Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
