"""Projects as they are kept; `incidents.projects` says what they mean."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned


class ProjectRow(Owned, Base):
    """The one with the organization's own id is its default; the database makes it with the organization.

    `services` are those of reports, `channels` those of Slack whose incidents are the project's. `exported_at` and
    `exported_incidents` are as an organization's.
    """

    __tablename__ = "projects"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    services: Mapped[list[Any]] = mapped_column(default=list)
    channels: Mapped[list[Any]] = mapped_column(default=list)
    made_at: Mapped[datetime]
    exported_at: Mapped[datetime | None]
    exported_incidents: Mapped[int | None]
