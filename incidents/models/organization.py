"""An organization, the people it pages and the policy by which it pages them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned, words
from incidents.roles import Role


class Organization(Base):
    """A tenant. `slack_team` is the workspace that speaks for it.

    `policy` is the default one, and `policies` those that are tried before it (`incidents/policies.py`).
    `stakeholders` are of the shape of `incidents/stakeholders.py`, `groups` of that of `incidents/groups.py`.

    `countries` are those whose numbers may be called, as ISO 3166 has them.

    `exported_at` is when it was last exported, in the machine's time; `exported_incidents` how many it had.

    `default_role` is that of a full member of the workspace who is no member here; None is none at all.
    The database gives it a sequence for the numbers of its incidents: `incident_numbers(id)`.
    """

    __tablename__ = "organizations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    slack_team: Mapped[str | None] = mapped_column(unique=True)
    categories: Mapped[list[Any]]
    policy: Mapped[dict[str, Any]]
    policies: Mapped[list[Any]] = mapped_column(default=list)
    stakeholders: Mapped[list[Any]] = mapped_column(default=list)
    groups: Mapped[list[Any]] = mapped_column(default=list)
    countries: Mapped[list[Any]] = mapped_column(default=list)
    default_role: Mapped[Role | None] = mapped_column(words(Role), default=Role.RESPONDER)
    created_at: Mapped[datetime]
    exported_at: Mapped[datetime | None]
    exported_incidents: Mapped[int | None]


class Member(Owned, Base):
    """A person of the organization. `position` 0 is on duty, 1 is next; None is not on the list of those on call.

    `phone` is E.164, and is called once it is verified; `email` is written to once it is. `rules` are of the shape of
    `incidents/rules.py`. `pin_set_at` is None for who has no PIN. Who was removed stays as a row, for what was written
    about them names it.
    """

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("organization_id", "position"),)

    position: Mapped[int | None]
    name: Mapped[str]
    slack_user: Mapped[str | None]
    phone: Mapped[str | None]
    phone_verified_at: Mapped[datetime | None]
    email: Mapped[str | None]
    email_verified_at: Mapped[datetime | None]
    role: Mapped[Role] = mapped_column(words(Role), default=Role.RESPONDER)
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pin_set_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Pin(Owned, Base):
    """What a member proves by phone that it is them; another PIN is another row. It is not a column of the member,
    for members' rows come with every transaction.

    `digest` is Argon2's. `wrong` counts the answers in a row that were not right, and too many lock it until
    `locked_until`.
    """

    __tablename__ = "pins"

    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id"), unique=True)
    digest: Mapped[str]
    wrong: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class Code(Owned, Base):
    """A code that was sent to a number or an e-mail address: whoever can say it has it. Times are the machine's.

    `digest` is all that is kept of it; `tries` counts wrong answers. A test is a row without a digest.
    """

    __tablename__ = "phone_codes"

    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("members.id"), index=True)
    to: Mapped[str] = mapped_column("phone")
    channel: Mapped[str]
    digest: Mapped[str | None]
    sent_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
