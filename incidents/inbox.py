"""The inbox: each message from outside is accepted once, however often it is delivered."""

import uuid
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert

from incidents.models import InboxEntry, Incident
from incidents.store import Transaction


@dataclass(frozen=True, slots=True)
class Message:
    """Something from outside; `external_id` is what its source calls it."""

    source: str
    external_id: str


_INBOX = cast(Table, InboxEntry.__table__)
_ACCEPT = insert(_INBOX).on_conflict_do_nothing().returning(_INBOX.c.id)


def accept(tx: Transaction, source: str, external_id: str, *, about: Incident | None = None) -> uuid.UUID | None:
    """The id of the new entry; None when this message was accepted before. `about` is the incident that it led to.

    A second delivery at the same moment waits here until the first one commits or fails.
    """
    whose = {"organization_id": tx.organization, "incident_id": about.id if about else None}
    entry = {**whose, "received_at": tx.now, **row(Message(source, external_id))}
    accepted: uuid.UUID | None = tx.session.execute(_ACCEPT, entry).scalar_one_or_none()
    return accepted


def row(message: Message) -> dict[str, Any]:
    """The columns of a new entry, but for its organization and incident and when it came."""
    return {"id": uuid.uuid4(), "source": message.source, "external_id": message.external_id}


def lead_to(tx: Transaction, entry: uuid.UUID, incident: Incident) -> None:
    """The message was about that incident."""
    tx.session.get_one(InboxEntry, entry).incident_id = incident.id


def look_up(tx: Transaction, source: str, external_id: str) -> InboxEntry | None:
    """The entry of a message that was accepted before; None when it never was."""
    return tx.session.scalars(
        select(InboxEntry).where(
            InboxEntry.organization_id == tx.organization,
            InboxEntry.source == source,
            InboxEntry.external_id == external_id,
        )
    ).one_or_none()
