"""Buttons and the category menu on the card."""

import uuid
from dataclasses import dataclass

from bot import commands
from incidents import classification, inbox, merging, people
from incidents.errors import IncidentError, NotFound
from incidents.models import Incident
from incidents.people import Actor, SlackUser
from incidents.store import Store, Transaction, locked
from integrations.card import ACKNOWLEDGE, CATEGORY, ESCALATE, RESOLVE
from integrations.suspects import MERGE


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
        if click.action == MERGE:
            return _merged(tx, click, by=by)
        incident = _incident(tx, click.incident, lock=True)
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


def _merged(tx: Transaction, click: Click, *, by: Actor) -> str:
    """The button's value is the number of the one that goes on."""
    incident, into = merging.both(tx, f"{_incident(tx, click.incident).number}", click.value)
    return commands.merged(tx, incident, into, by=by)


def _incident(tx: Transaction, value: str, *, lock: bool = False) -> Incident:
    try:
        wanted = uuid.UUID(value)
    except ValueError:
        raise NotFound("This card is of no incident that I know.") from None
    query = tx.select(Incident).where(Incident.id == wanted)
    incident = tx.session.scalars(locked(query) if lock else query).one_or_none()
    if incident is None:
        raise NotFound("This card is of no incident that I know.")
    return incident
