"""Buttons and the category menu on the card."""

import uuid
from dataclasses import dataclass

from bot import commands
from incidents import classification, inbox, people
from incidents.errors import IncidentError, NotFound
from incidents.models import Incident
from incidents.people import SlackUser
from incidents.store import Store, Transaction, locked
from integrations.card import ACKNOWLEDGE, CATEGORY, ESCALATE, RESOLVE


@dataclass(frozen=True, slots=True)
class Click:
    """`trigger` is unique to the click; `value` is a button's value or the chosen option."""

    trigger: str
    user: SlackUser
    action: str
    incident: str
    value: str


def clicked(store: Store, click: Click) -> str | None:
    """What the person alone is told, committed; None when the card says it all. Raises: IncidentError."""
    with store.begin() as tx:
        if inbox.accept(tx, "slack.click", click.trigger) is None:
            return None
        by = people.slack_actor(tx, click.user)
        incident = _incident(tx, click.incident)
        match click.action:
            case _ if click.action == ACKNOWLEDGE:
                return commands.acknowledged(tx, incident, by=by)
            case _ if click.action == ESCALATE:
                return commands.escalated(tx, incident, by=by)
            case _ if click.action == RESOLVE:
                return commands.resolved(tx, incident, by=by)
            case _ if click.action == CATEGORY:
                classification.correct(tx, incident, click.value, by=by, via="menu")
                return None
        raise IncidentError("This button is not known any more. Use the newest card, or /incident help.")


def _incident(tx: Transaction, value: str) -> Incident:
    try:
        wanted = uuid.UUID(value)
    except ValueError:
        raise NotFound("This card is of no incident that I know.") from None
    incident = tx.session.scalars(locked(tx.select(Incident).where(Incident.id == wanted))).one_or_none()
    if incident is None:
        raise NotFound("This card is of no incident that I know.")
    return incident
