"""An organization, the people it pages and the policy by which it pages them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned


class Organization(Base):
    """A tenant. `slack_team` is the workspace that speaks for it.

    The database gives it a sequence for the numbers of its incidents: `incident_numbers(id)`.
    """

    __tablename__ = "organizations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    slack_team: Mapped[str | None] = mapped_column(unique=True)
    categories: Mapped[list[Any]]
    policy: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Responder(Owned, Base):
    """A person who can be paged. `position` 0 is on duty, 1 is next; None is not on call. `phone` is E.164."""

    __tablename__ = "responders"
    __table_args__ = (UniqueConstraint("organization_id", "position"),)

    position: Mapped[int | None]
    name: Mapped[str]
    slack_user: Mapped[str | None]
    phone: Mapped[str | None]
