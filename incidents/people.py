"""People: who acts on an incident, and who is on call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any
from uuid import UUID

import phonenumbers

from incidents.errors import IncidentError
from incidents.models import Incident, Responder
from incidents.store import Transaction


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and through which door: `slack`, `phone`, `api` or `product`."""

    name: str
    via: str
    slack_user: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to put on call. `phone` is E.164."""

    name: str
    phone: str | None = None
    slack_user: str | None = None


@dataclass(frozen=True, slots=True)
class Known(Contact):
    """A person whom the organization knows, on call or not; `id` is that of the `Responder`."""

    id: UUID = field(kw_only=True)


def on_call(tx: Transaction) -> Sequence[Known]:
    """The person on duty first, then who comes next, as it was at the beginning of the transaction."""
    listed = [each for each in tx.own.people if each["position"] is not None]
    return [_known(each) for each in sorted(listed, key=itemgetter("position"))]


def _known(person: dict[str, Any]) -> Known:
    return Known(person["name"], person["phone"], person["slack_user"], id=UUID(person["id"]))


def put_on_call(tx: Transaction, wanted: Sequence[Contact]) -> None:
    """These people are on call after this transaction, in this order, and nobody else. Raises: IncidentError."""
    for contact in wanted:
        if contact.phone is not None and not is_phone_number(contact.phone):
            raise IncidentError(f"{contact.phone} is no phone number. Write it with its country code: +12025550111.")
    if len({contact.name for contact in wanted}) < len(wanted):
        raise IncidentError("Two people of one name cannot be told apart. Give each a name of their own.")
    known = tx.session.scalars(tx.select(Responder)).all()
    for responder in known:
        responder.position = None
    tx.session.flush()
    by_name = {responder.name: responder for responder in known}
    for position, contact in enumerate(wanted):
        responder = by_name.get(contact.name) or Responder(organization_id=tx.organization, name=contact.name)
        responder.position, responder.phone, responder.slack_user = position, contact.phone, contact.slack_user
        tx.session.add(responder)
    tx.session.flush()


def unnamed(incident: Incident) -> set[str]:
    """The Slack users of whom the incident knows nothing but the id."""
    pairs = (
        (incident.reporter_slack, incident.reporter_name),
        (incident.acknowledged_slack, incident.acknowledged_by),
        (incident.resolved_slack, incident.resolved_by),
    )
    return {user for user, name in pairs if user is not None and name == user}


def give_names(incident: Incident, names: Mapping[str, str]) -> bool:
    """Show those users by these names from now on; False when that changes nothing."""
    before = unnamed(incident)
    incident.reporter_name = names.get(incident.reporter_name, incident.reporter_name)
    if incident.acknowledged_by is not None:
        incident.acknowledged_by = names.get(incident.acknowledged_by, incident.acknowledged_by)
    if incident.resolved_by is not None:
        incident.resolved_by = names.get(incident.resolved_by, incident.resolved_by)
    return unnamed(incident) != before


def is_phone_number(text: str) -> bool:
    """Whether it is a possible number in E.164."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return False
    canonical = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return phonenumbers.is_possible_number(number) and canonical == text


def by_slack_user(tx: Transaction, slack_user: str) -> Known | None:
    return next((_known(each) for each in tx.own.people if each["slack_user"] == slack_user), None)


def by_phone(tx: Transaction, phone: str) -> Known | None:
    return next((_known(each) for each in tx.own.people if each["phone"] == phone), None)


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
