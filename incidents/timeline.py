"""The timeline: what happened to an incident, written in the transaction of the change that it tells."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from incidents.models import Incident, TimelineEntry
from incidents.store import Transaction


def write(tx: Transaction, incident: Incident, kind: str, *, actor: str, **details: Any) -> None:
    """`kind` is in the past tense (`acknowledged`); `actor` is a person's name or the part of the product."""
    line = row(kind, actor=actor, **details)
    tx.session.add(TimelineEntry(organization_id=tx.organization, incident_id=incident.id, at=tx.now, **line))


def row(kind: str, *, actor: str, **details: Any) -> dict[str, Any]:
    """The columns of a line, but for whose it is and when it is written."""
    return {"kind": kind, "actor": actor, "details": details}


def read(tx: Transaction, incident: Incident) -> Sequence[TimelineEntry]:
    """All entries, the oldest first."""
    return tx.session.scalars(
        select(TimelineEntry)
        .where(TimelineEntry.organization_id == tx.organization, TimelineEntry.incident_id == incident.id)
        .order_by(TimelineEntry.id)
    ).all()
