"""What the memory is to know, as it is kept in SQL; `incidents.lessons` says what the columns mean together."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned, words
from incidents.words import Origin


class LessonRow(Owned, Base):
    """One entry of the memory and where it comes from; rows are kept when they no longer count.

    `category` is None while nothing but `proposed` is known, which waits for a second person. `voice` tells people
    apart as `Actor.voice` does. `withdrawn`: what taught it takes it back (a correction that was undone, a section that
    is no longer in its file). `undone_at`: a person took it back. `agrees`: the memory is known to say what this
    version says.
    """

    __tablename__ = "lessons"
    __table_args__ = (
        UniqueConstraint("organization_id", "source"),
        Index("ix_lessons_browse", "organization_id", "n"),
        Index("ix_lessons_unsettled", "organization_id", "n", postgresql_where="NOT agrees"),
    )

    source: Mapped[str]
    n: Mapped[int] = mapped_column(BigInteger, Identity())
    origin: Mapped[Origin] = mapped_column(words(Origin))
    incident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("incidents.id"), index=True)
    title: Mapped[str]
    text: Mapped[str]
    category: Mapped[str | None]
    helped: Mapped[str | None]
    number: Mapped[int | None]
    taught_by: Mapped[str]
    voice: Mapped[str | None]
    via: Mapped[str | None]
    at: Mapped[datetime]
    proposed: Mapped[str | None]
    proposed_by: Mapped[str | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    agrees: Mapped[bool] = mapped_column(default=False)
