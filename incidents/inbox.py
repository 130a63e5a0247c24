"""The inbox: each message from outside is accepted once, however often it is delivered."""

import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from incidents.models import InboxEntry
from incidents.store import Transaction


def accept(tx: Transaction, source: str, external_id: str) -> InboxEntry | None:
    """The new entry; None when this message was accepted before.

    A second delivery at the same moment waits here until the first one commits or fails.
    """
    return tx.session.scalars(
        insert(InboxEntry)
        .values(
            id=uuid.uuid4(),
            organization_id=tx.organization,
            source=source,
            external_id=external_id,
            received_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(InboxEntry)
    ).one_or_none()


def look_up(tx: Transaction, source: str, external_id: str) -> InboxEntry | None:
    """The entry of a message that was accepted before; None when it never was."""
    return tx.session.scalars(
        select(InboxEntry).where(
            InboxEntry.organization_id == tx.organization,
            InboxEntry.source == source,
            InboxEntry.external_id == external_id,
        )
    ).one_or_none()
