"""An organization, the people it pages and the policy by which it pages them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned, words
from incidents.roles import Role


class Organization(Base):
    """A tenant. `slack_team` is the workspace that speaks for it.

    `default_role` is that of a full member of the workspace who is no member here; None is none at all.
    The database gives it a sequence for the numbers of its incidents: `incident_numbers(id)`.
    """

    __tablename__ = "organizations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    slack_team: Mapped[str | None] = mapped_column(unique=True)
    categories: Mapped[list[Any]]
    policy: Mapped[dict[str, Any]]
    default_role: Mapped[Role | None] = mapped_column(words(Role), default=Role.RESPONDER)
    created_at: Mapped[datetime]


class Member(Owned, Base):
    """A person of the organization. `position` 0 is on duty, 1 is next; None is not on the list of those on call.

    `phone` is E.164. Who was removed stays as a row, for what was written about them names it.
    """

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("organization_id", "position"),)

    position: Mapped[int | None]
    name: Mapped[str]
    slack_user: Mapped[str | None]
    phone: Mapped[str | None]
    role: Mapped[Role] = mapped_column(words(Role), default=Role.RESPONDER)
    removed_at: Mapped[datetime | None]
