"""People: who acts on an incident, and who is on call."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import select

from incidents import dialling, organizations
from incidents.errors import IncidentError, NotAllowed, NotFound
from incidents.models import Incident, Member
from incidents.roles import Role
from incidents.rules import Rules
from incidents.store import Transaction

LOOK = "GET /api/v1/members lists the members."


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and through which door: `slack`, `phone`, `api` or `product`."""

    name: str
    via: str
    slack_user: str | None = None
    phone: str | None = None
    role: Role | None = field(kw_only=True)
    """None may nothing."""
    key: str | None = None
    """The API key's name: whoever sends it may name anybody as `name`."""

    @property
    def voice(self) -> str:
        """Who it is when voices are counted: what nobody can choose for themselves, if there is any."""
        return self.slack_user or (f"key {self.key}" if self.key else self.phone or self.name)


@dataclass(frozen=True, slots=True)
class SlackUser:
    """Who acts in Slack, as Slack tells. Outsiders are guests, bots and people of other workspaces.

    `is_outsider` may take a second: it is asked of who is no member, and with nothing locked.
    """

    id: str
    name: str = ""
    is_outsider: Callable[[], bool] = field(default=lambda: False, compare=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to put on call. `phone` is E.164, `email` as `mailing.address` has it."""

    name: str
    phone: str | None = None
    slack_user: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Known(Contact):
    """A member of the organization; `id` is that of the `Member`.

    `position` is the place on the list of those on call: 0 is on duty, None is not on it.
    """

    id: UUID = field(kw_only=True)
    position: int | None = field(kw_only=True)
    role: Role = field(kw_only=True)
    phone_verified: bool = field(kw_only=True)
    email_verified: bool = field(kw_only=True)
    countries: frozenset[str] = field(kw_only=True, repr=False)
    """Those that the organization calls."""
    rules: Rules = field(kw_only=True)
    has_pin: bool = field(kw_only=True)

    @classmethod
    def of(cls, tx: Transaction, member: Member) -> "Known":
        """The person whom that row is about."""
        return cls(
            name=member.name,
            phone=member.phone,
            slack_user=member.slack_user,
            email=member.email,
            id=member.id,
            position=member.position,
            role=member.role,
            phone_verified=member.phone_verified_at is not None,
            email_verified=member.email_verified_at is not None,
            countries=frozenset(tx.own.countries),
            rules=Rules.of(member.rules),
            has_pin=member.pin_set_at is not None,
        )

    @property
    def can_be_called(self) -> bool:
        return self.why_not_called is None

    @property
    def why_not_called(self) -> str | None:
        """None when nothing speaks against it."""
        if not self.role.may(Role.RESPONDER):
            return f"{self.name} is a {self.role}, and only responders are called"
        if not self.phone:
            return f"{self.name} has no phone number"
        if not self.phone_verified:
            return f"{self.name}'s number is not verified (POST /api/v1/members/…/phone/code)"
        trouble = dialling.why_not_dialled(self.phone, self.countries)
        return None if trouble is None else f"{self.name}: {trouble}"

    @property
    def why_not_mailed(self) -> str | None:
        """None when e-mails go to them; whether anybody would send any is not asked."""
        if not self.email:
            return f"{self.name} has no e-mail address"
        if not self.email_verified:
            return f"{self.name}'s e-mail address is not verified (POST /api/v1/members/…/email/code)"
        return None


def demand(by: Actor, role: Role) -> None:
    """Raises: NotAllowed when that is more than the person may."""
    if by.role is None:
        raise NotAllowed(
            "You have no role here: guests, bots and people of other workspaces have none, nor has who was removed. "
            "An admin can make you a member (POST /api/v1/members)."
        )
    if not by.role.may(role):
        raise NotAllowed(
            f"This needs the role {role}, and yours is {by.role}. An admin can change it (PUT /api/v1/members/…/role)."
        )


def on_call(tx: Transaction) -> Sequence[Known]:
    """The person on duty first, then who comes next, as it was at the beginning of the transaction."""
    listed = [each for each in tx.own.people if each["position"] is not None]
    return [_known(tx, each) for each in sorted(listed, key=itemgetter("position"))]


def _known(tx: Transaction, person: dict[str, Any]) -> Known:
    return Known(
        name=person["name"],
        phone=person["phone"],
        slack_user=person["slack_user"],
        email=person["email"],
        id=UUID(person["id"]),
        position=person["position"],
        role=Role(person["role"]),
        phone_verified=person["phone_verified_at"] is not None,
        email_verified=person["email_verified_at"] is not None,
        countries=frozenset(tx.own.countries),
        rules=Rules.of(person["rules"]),
        has_pin=person["pin_set_at"] is not None,
    )


def demand_phone_number(phone: str | None) -> None:
    if phone is not None and not dialling.is_number(phone):
        raise IncidentError(f"{phone} is no phone number. Write it with its country code: +12025550111.")


def put_on_call(tx: Transaction, wanted: Sequence[Contact]) -> None:
    """These people are the list of those on call after this transaction, in this order. Raises: IncidentError.

    For whoever runs the server, who vouches for the numbers: they count as verified, and their countries are called.
    """
    for contact in wanted:
        demand_phone_number(contact.phone)
    phones = [contact.phone for contact in wanted if contact.phone is not None]
    _call_countries_of(tx, phones)
    if len({contact.name for contact in wanted}) < len(wanted):
        raise IncidentError("Two people of one name cannot be told apart. Give each a name of their own.")
    members = tx.session.scalars(tx.select(Member).where(Member.removed_at.is_(None))).all()
    for member in members:
        member.position = None
    tx.session.flush()
    by_name = {member.name: member for member in members}
    for position, contact in enumerate(wanted):
        member = by_name.get(contact.name) or _newcomer(tx, contact)
        member.position, member.phone, member.slack_user = position, contact.phone, contact.slack_user
        member.phone_verified_at = tx.now if contact.phone is not None else None
        if not member.role.may(Role.RESPONDER):
            member.role = Role.RESPONDER  # Whoever is put on call is to be called.
        tx.session.add(member)
    tx.session.flush()


def _call_countries_of(tx: Transaction, phones: Sequence[str]) -> None:
    organization = organizations.lock(tx)
    organization.countries = organizations.with_countries_of(organization.countries, phones)
    for phone in phones:
        trouble = dialling.why_not_dialled(phone, frozenset(organization.countries))
        if trouble is not None:
            raise IncidentError(f"{trouble}.")


def _newcomer(tx: Transaction, contact: Contact) -> Member:
    return Member(organization_id=tx.organization, name=contact.name, role=Role.RESPONDER)


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


def everybody(tx: Transaction) -> Sequence[Known]:
    """All whom the organization knows, by name."""
    return _by_name(_known(tx, each) for each in tx.own.people)


def with_id(tx: Transaction, id: UUID) -> Known | None:
    return next((_known(tx, each) for each in tx.own.people if each["id"] == str(id)), None)


def known(tx: Transaction, id: UUID) -> Known:
    """Raises: NotFound."""
    found = with_id(tx, id)
    if found is None:
        raise NotFound(f"There is no person {id}.", look=LOOK)
    return found


def remembered(tx: Transaction, id: UUID) -> Known:
    """Also somebody who was removed since, to be named and not to be called."""
    return with_id(tx, id) or Known.of(tx, tx.get(Member, id))


def names(tx: Transaction) -> dict[UUID, str]:
    """By id, also of those who were removed."""
    query = select(Member.id, Member.name).where(Member.organization_id == tx.organization)
    return {row.id: row.name for row in tx.session.execute(query)}


def demand_present(tx: Transaction, id: UUID) -> None:
    """Nobody removes that person before this transaction ends. Raises: NotFound when somebody has."""
    organizations.lock(tx)
    present = tx.select(Member).where(Member.id == id, Member.removed_at.is_(None))
    if tx.session.scalars(present.execution_options(populate_existing=True)).one_or_none() is None:
        raise NotFound(f"There is no person {id}.", look=LOOK)


def named(tx: Transaction, text: str) -> Known:
    """The person of that id or name. Raises: NotFound; IncidentError when several have the name."""
    fitting = [each for each in tx.own.people if text in (each["id"], each["name"])]
    if len(fitting) > 1:
        raise IncidentError(f"Several people are called {text!r}. Name the one that you mean by its id.")
    if not fitting:
        raise NotFound(f"There is no person {text[:70]!r}.", look=LOOK)
    return _known(tx, fitting[0])


def by_slack_user(tx: Transaction, slack_user: str) -> Known | None:
    return next((_known(tx, each) for each in tx.own.people if each["slack_user"] == slack_user), None)


def by_slack_users(tx: Transaction, slack_users: Collection[str]) -> Sequence[Known]:
    """Those of them who are members, by name."""
    return _by_name(_known(tx, each) for each in tx.own.people if each["slack_user"] in slack_users)


def _by_name(found: Iterable[Known]) -> Sequence[Known]:
    return sorted(found, key=lambda person: (person.name.casefold(), person.id))


def by_phone(tx: Transaction, phone: str) -> Known | None:
    return next((_known(tx, each) for each in tx.own.people if each["phone"] == phone), None)


def slack_actor(tx: Transaction, user: SlackUser) -> Actor:
    """The person behind a Slack user, by the name that we know, else the one that Slack sent, else the id.

    Who is no member has the organization's default role; an outsider, and who was removed, none.
    """
    known = by_slack_user(tx, user.id)
    if known is not None:
        return Actor(known.name, via="slack", slack_user=user.id, role=known.role)
    is_nobody = user.id in tx.own.removed or user.is_outsider()
    role = None if is_nobody else tx.own.default_role
    return Actor(user.name or user.id, via="slack", slack_user=user.id, role=role)


def caller(tx: Transaction, phone: str) -> Actor:
    """The person behind a caller's number. Caller ids can be forged, so this is a name and no permission: whoever calls
    the hotline may report, and no more.
    """
    known = by_phone(tx, phone)
    if known is None:
        return Actor(phone or "unknown number", via="phone", phone=phone, role=Role.MEMBER)
    return Actor(known.name, via="phone", slack_user=known.slack_user, phone=phone, role=Role.MEMBER)
