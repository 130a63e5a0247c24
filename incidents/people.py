"""People: who acts on an incident, and who is on call."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.models import Responder
from incidents.store import Transaction


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and through which door: `slack`, `phone`, `api` or `product`."""

    name: str
    via: str
    slack_user: str | None = None
    phone: str | None = None


def on_call(tx: Transaction) -> Sequence[Responder]:
    """The person on duty first, then who comes next."""
    return tx.session.scalars(tx.select(Responder).order_by(Responder.position)).all()


def by_slack_user(tx: Transaction, slack_user: str) -> Responder | None:
    return tx.session.scalars(tx.select(Responder).where(Responder.slack_user == slack_user)).first()


def by_phone(tx: Transaction, phone: str) -> Responder | None:
    return tx.session.scalars(tx.select(Responder).where(Responder.phone == phone)).first()


def slack_actor(tx: Transaction, slack_user: str, *, name: str | None = None) -> Actor:
    """The person behind a Slack user id, by the name that we know, else the one that Slack sent, else the id."""
    known = by_slack_user(tx, slack_user)
    return Actor(known.name if known else name or slack_user, via="slack", slack_user=slack_user)


def caller(tx: Transaction, phone: str) -> Actor:
    """The person behind a caller's number; caller ids can be forged, so this is a name and no permission."""
    known = by_phone(tx, phone)
    if known is None:
        return Actor(phone or "unknown number", via="phone", phone=phone)
    return Actor(known.name, via="phone", slack_user=known.slack_user, phone=phone)
