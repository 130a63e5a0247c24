"""The members of an organization: invited, changed, given another role, removed."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from incidents import dialling, duty, mailing, organizations, paging, people, pins
from incidents.errors import IncidentError, NotFound
from incidents.models import Member
from incidents.people import Contact, Known
from incidents.roles import Role
from incidents.rules import Rules
from incidents.store import Transaction


def invite(tx: Transaction, contact: Contact, *, role: Role) -> Known:
    """A new member, not on call yet. Raises: IncidentError."""
    contact = _tidied(contact)
    _checked(tx, contact)
    row = Member(organization_id=tx.organization, **asdict(contact), role=role)
    tx.session.add(row)
    tx.session.flush()
    return Known.of(tx, row)


def change(tx: Transaction, member: Known, contact: Contact) -> Known:
    """The member is like that from now on; a new number or address wants to be verified. Raises: IncidentError."""
    contact = _tidied(contact)
    row = _present(_checked(tx, contact, but=member), member)
    if row.phone != contact.phone:
        _demand_others(tx, row, contact)
        row.phone_verified_at = None
    if row.email != contact.email:
        row.email_verified_at = None
    row.name, row.phone, row.slack_user = contact.name, contact.phone, contact.slack_user
    row.email = contact.email
    return Known.of(tx, row)


def call_only(tx: Transaction, countries: Sequence[str]) -> None:
    """These countries are called and no others. Raises: IncidentError when somebody on call has a number elsewhere."""
    organization = organizations.lock(tx)
    for row in _everybody_now(tx):
        before, after = (
            row.phone is not None and dialling.why_not_dialled(row.phone, frozenset(each)) is None
            for each in (organization.countries, countries)
        )
        if before and not after:
            _demand_not_on_call(tx, row, "not called any more")
    organization.countries = sorted(set(countries))


def give_role(tx: Transaction, member: Known, role: Role) -> Known:
    """Raises: IncidentError for the last admin, and for who is to be called and would not be any more."""
    present = _everybody_now(tx)
    row = _present(present, member)
    if role is not Role.ADMIN:
        _demand_another_admin(present, row)
    if not role.may(Role.RESPONDER):
        _demand_not_on_call(tx, row, f"made a {role}")
    row.role = role
    tx.session.flush()
    paging.look_at_all_again(tx)
    return Known.of(tx, row)


def give_rules(tx: Transaction, member: Known, rules: Rules) -> Known:
    """What waits because of the old ones is looked at again. Raises: IncidentError when the quiet hours never end."""
    if rules.never_ends:
        raise IncidentError("Quiet hours that are all hours never end. Take somebody off call instead.")
    row = _present(_everybody_now(tx), member)
    row.rules = rules.written()
    tx.session.flush()
    paging.look_at_all_again(tx)
    return Known.of(tx, row)


def remove(tx: Transaction, member: Known) -> None:
    """No member any more, through any door, from the commit on. Raises: IncidentError, as `give_role`."""
    present = _everybody_now(tx)
    row = _present(present, member)
    _demand_another_admin(present, row)
    _demand_not_on_call(tx, row, "removed")
    pins.take_away(tx, member)
    row.removed_at = tx.now


def _tidied(contact: Contact) -> Contact:
    """Raises: IncidentError."""
    return contact if contact.email is None else replace(contact, email=mailing.address(contact.email))


def _checked(tx: Transaction, contact: Contact, *, but: Known | None = None) -> Sequence[Member]:
    people.demand_phone_number(contact.phone)
    present = _everybody_now(tx)
    others = [each for each in present if but is None or each.id != but.id]
    if any(each.name.casefold() == contact.name.casefold() for each in others):
        raise IncidentError(f"There is a {contact.name} already. Give each person a name of their own.")
    same = next((each.name for each in others if contact.slack_user and each.slack_user == contact.slack_user), None)
    if same is not None:
        raise IncidentError(f"{contact.slack_user} is {same} in Slack already.")
    return present


def _everybody_now(tx: Transaction) -> Sequence[Member]:
    """Read once nobody else can change who is a member before we are done."""
    organizations.lock(tx)
    present = tx.select(Member).where(Member.removed_at.is_(None))
    return tx.session.scalars(present.execution_options(populate_existing=True)).all()


def _present(present: Sequence[Member], member: Known) -> Member:
    row = next((each for each in present if each.id == member.id), None)
    if row is None:
        raise NotFound(f"{member.name} is no member any more.", look=people.LOOK)
    return row


def _demand_another_admin(present: Sequence[Member], member: Member) -> None:
    admins = [each.id for each in present if each.role is Role.ADMIN]
    if admins == [member.id]:
        raise IncidentError(f"{member.name} is the last admin. Make somebody else an admin first.")


def _demand_others(tx: Transaction, member: Member, contact: Contact) -> None:
    """Whoever is to be called keeps a number; and somebody else can be called until a new one is verified."""
    if contact.phone is None:
        _demand_not_on_call(tx, member, "without a number")
        return
    reachable = [person.id for person in duty.expected(tx) if person.can_be_called]
    if reachable == [member.id]:
        raise IncidentError(
            f"{member.name} is the only one on call who can be called, and a new number is called once it is verified. "
            "Put somebody else on call for that time, or have it changed on the server: python -m app oncall."
        )


def _demand_not_on_call(tx: Transaction, member: Member, become: str) -> None:
    """Nobody vanishes from a schedule without anybody noticing: a page would have nobody to go to."""
    where = [*(["the list"] if member.position is not None else []), *duty.places(tx, member.id)]
    if where:
        instead = f"Put somebody else there before {member.name} is {become}."
        raise IncidentError(f"{member.name} is to be called ({', '.join(where)}). {instead}")
