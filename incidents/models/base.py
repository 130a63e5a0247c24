"""What all tables share: how types map to columns, and the organization that every row belongs to."""

import enum
import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Enum, ForeignKey, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from incidents.models.keepable import keepable

CONSTRAINT_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Text(TypeDecorator[str]):
    """Text as it came, but for what PostgreSQL refuses to keep: no character that somebody sent costs us the report."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keepable(value)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map: ClassVar = {
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def words(kind: type[enum.StrEnum]) -> Enum:
    """A column of one of our words: kept as its value in a text column, so that a new word needs no new type."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda members: [word.value for word in members])


class OwedPost:
    """A message in Slack, owed until it is posted. All in the machine's time.

    `begun_at` is when the first attempt began of whose effect nobody knows. `outcome` says what became of it, once
    `done_at` is set: `done`, `failed`, or that there was nothing to post.
    """

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class Owned:
    """A row of an organization. Read it through a `Store`, which is bound to one."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
