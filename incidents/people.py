"""People: who acts on an incident, and who is on call."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import Any
from uuid import UUID

import phonenumbers

from incidents import organizations
from incidents.errors import IncidentError, NotFound
from incidents.models import Incident, Responder
from incidents.store import Transaction

LOOK = "GET /api/v1/people lists the people."


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
    """A person whom the organization knows; `id` is that of the `Responder`.

    `position` is the place on the list of those on call: 0 is on duty, None is not on it.
    """

    id: UUID = field(kw_only=True)
    position: int | None = field(kw_only=True)


def on_call(tx: Transaction) -> Sequence[Known]:
    """The person on duty first, then who comes next, as it was at the beginning of the transaction."""
    listed = [each for each in tx.own.people if each["position"] is not None]
    return [_known(each) for each in sorted(listed, key=itemgetter("position"))]


def _known(person: dict[str, Any]) -> Known:
    id, position = UUID(person["id"]), person["position"]
    return Known(person["name"], person["phone"], person["slack_user"], id=id, position=position)


def add(tx: Transaction, contact: Contact) -> Known:
    """Somebody new, not on call yet. Raises: IncidentError."""
    _checked(tx, contact)
    row = Responder(organization_id=tx.organization, **asdict(contact))
    tx.session.add(row)
    tx.session.flush()
    return Known(contact.name, contact.phone, contact.slack_user, id=row.id, position=None)


def change(tx: Transaction, person: Known, contact: Contact) -> Known:
    """The person is like that from now on. Raises: IncidentError."""
    _checked(tx, contact, but=person)
    row = tx.get(Responder, person.id, lock=True)
    row.name, row.phone, row.slack_user = contact.name, contact.phone, contact.slack_user
    return Known(contact.name, contact.phone, contact.slack_user, id=person.id, position=row.position)


def _checked(tx: Transaction, contact: Contact, *, but: Known | None = None) -> None:
    _demand_phone_number(contact.phone)
    others = [each for each in _everybody_now(tx) if but is None or each.id != but.id]
    if any(each.name.casefold() == contact.name.casefold() for each in others):
        raise IncidentError(f"There is a {contact.name} already. Give each person a name of their own.")
    same = next((each.name for each in others if contact.slack_user and each.slack_user == contact.slack_user), None)
    if same is not None:
        raise IncidentError(f"{contact.slack_user} is {same} in Slack already.")


def _everybody_now(tx: Transaction) -> Sequence[Responder]:
    """Read once nobody else can add anybody before we are done."""
    organizations.lock(tx)
    return tx.session.scalars(tx.select(Responder)).all()


def _demand_phone_number(phone: str | None) -> None:
    if phone is not None and not is_phone_number(phone):
        raise IncidentError(f"{phone} is no phone number. Write it with its country code: +12025550111.")


def put_on_call(tx: Transaction, wanted: Sequence[Contact]) -> None:
    """These people are the list of those on call after this transaction, in this order. Raises: IncidentError."""
    for contact in wanted:
        _demand_phone_number(contact.phone)
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


def everybody(tx: Transaction) -> Sequence[Known]:
    """All whom the organization knows, by name."""
    return sorted((_known(each) for each in tx.own.people), key=lambda person: (person.name.casefold(), person.id))


def with_id(tx: Transaction, id: UUID) -> Known | None:
    return next((_known(each) for each in tx.own.people if each["id"] == str(id)), None)


def known(tx: Transaction, id: UUID) -> Known:
    """Raises: NotFound."""
    found = with_id(tx, id)
    if found is None:
        raise NotFound(f"There is no person {id}.", look=LOOK)
    return found


def named(tx: Transaction, text: str) -> Known:
    """The person of that id or name. Raises: NotFound; IncidentError when several have the name."""
    fitting = [each for each in tx.own.people if text in (each["id"], each["name"])]
    if len(fitting) > 1:
        raise IncidentError(f"Several people are called {text!r}. Name the one that you mean by its id.")
    if not fitting:
        raise NotFound(f"There is no person {text[:70]!r}.", look=LOOK)
    return _known(fitting[0])


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
