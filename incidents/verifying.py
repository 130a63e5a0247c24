"""Numbers and e-mail addresses are verified before anybody is paged there: whoever says the code that was sent has it.

To send a code is the only way to have a number dialled, or an address written to, that nobody has verified, so that it
is counted and capped.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, func, select

from incidents import clock, dialling, organizations, paging
from incidents.errors import IncidentError
from incidents.models import Code, Member
from incidents.people import Known
from incidents.store import Transaction, locked

GOOD_FOR = timedelta(minutes=10)
MOST_TRIES = 5
MOST_AN_HOUR = 3
"""Codes and tests to one number or address."""
MOST_A_DAY = 50
"""Codes and tests of an organization."""
DIGITS = 6


class Verified(StrEnum):
    """What of a member is verified; its name is that of the member's field."""

    PHONE = "phone"
    EMAIL = "email"


class Channel(StrEnum):
    CALL = "call"
    TEXT = "text"
    EMAIL = "email"

    @property
    def verifies(self) -> Verified:
        return Verified.EMAIL if self is Channel.EMAIL else Verified.PHONE


class TooMany(IncidentError):
    """Enough was sent for now. `after` says when more is."""

    def __init__(self, text: str, *, after: timedelta) -> None:
        super().__init__(text)
        self.after = after


@dataclass(frozen=True, slots=True)
class Sending:
    """A code that was written down and is to be sent now. `code` is None for a test."""

    id: UUID
    to: str
    channel: Channel
    code: str | None


def begin(tx: Transaction, member: Known, channel: Channel, *, own: Collection[str] = ()) -> Sending:
    """A new code; those before it for the same are worth nothing any more. `own` are numbers of ours.

    Raises: IncidentError when nothing is sent there; TooMany.
    """
    to = _place(member, channel, own=own)
    _demand_room(tx, to)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = _written(tx, member, to, channel)
    row.digest = _digest(row.id, code)
    return Sending(row.id, to, channel, code)


def begin_test(tx: Transaction, member: Known, channel: Channel, *, own: Collection[str] = ()) -> Sending:
    """What only shows that pages arrive. Raises: IncidentError, also when they would not; TooMany."""
    to = _place(member, channel, own=own)
    why_not = member.why_not_mailed if channel is Channel.EMAIL else member.why_not_called
    if why_not is not None:
        raise IncidentError(f"{why_not}.")
    _demand_room(tx, to)
    return Sending(_written(tx, member, to, channel).id, to, channel, None)


def forget(tx: Transaction, sending: Sending) -> None:
    """It surely was not sent, and counts as nothing: a provider that is down uses nobody's three times up."""
    tx.session.delete(tx.get(Code, sending.id, lock=True))


def confirm(tx: Transaction, member: Known, code: str, *, of: Verified) -> Known:
    """The member's number or address is verified from now on. Raises: IncidentError when that is not the code.

    A wrong answer is counted: commit what this has written also when it raises.
    """
    way = f"POST …/{of}/code"
    row = tx.session.scalars(locked(_codes(member, of).order_by(Code.sent_at.desc()).limit(1))).one_or_none()
    if row is None or row.used_at is not None or row.to != getattr(member, of):
        raise IncidentError(f"No code is waiting for {member.name}. Have one sent first: {way}.")
    if clock.real(tx.session) - row.sent_at > GOOD_FOR:
        raise IncidentError(f"The code is older than ten minutes. Have another one sent: {way}.")
    if row.tries >= MOST_TRIES:
        raise IncidentError(f"{MOST_TRIES} answers were wrong. Have another code sent: {way}.")
    if not secrets.compare_digest(row.digest or "", _digest(row.id, code)):
        row.tries += 1
        raise IncidentError(f"That is not the code. Try once more, or have another one sent: {way}.")
    row.used_at = clock.real(tx.session)
    member_row = tx.get(Member, member.id, lock=True)
    if getattr(member_row, of) != row.to:
        raise IncidentError(f"{member.name} has another {of} now. Have a code sent to that one.")
    setattr(member_row, f"{of}_verified_at", tx.now)
    tx.session.flush()
    if of is Verified.PHONE:
        paging.look_at_all_again(tx)
    return Known.of(tx, member_row)


def _place(member: Known, channel: Channel, *, own: Collection[str]) -> str:
    if channel is not Channel.EMAIL:
        return _dialled(member, own=own)
    if member.email is None:
        raise IncidentError(f"{member.name} has no e-mail address. Give one: PUT /api/v1/members/….")
    return member.email


def _dialled(member: Known, *, own: Collection[str]) -> str:
    if member.phone is None:
        raise IncidentError(f"{member.name} has no phone number. Give one: PUT /api/v1/members/….")
    if member.phone in own:
        raise IncidentError(f"{member.phone} is Tocsin's own number, and it does not call itself. Give another one.")
    trouble = dialling.why_not_dialled(member.phone, member.countries)
    if trouble is not None:
        raise IncidentError(f"{trouble}.")
    return member.phone


def _demand_room(tx: Transaction, to: str) -> None:
    """Nobody else counts meanwhile: the organization is locked."""
    organizations.lock(tx)
    now = clock.real(tx.session)
    hour, day = timedelta(hours=1), timedelta(days=1)
    # Most mail servers take one person's name in small letters and in large ones.
    to_it = tx.select(Code).where(func.lower(Code.to) == to.lower())
    if _count(tx, to_it, since=now - hour) >= MOST_AN_HOUR:
        text = f"{MOST_AN_HOUR} codes and tests went to {to} within an hour. Wait before the next one."
        raise TooMany(text, after=hour)
    if _count(tx, tx.select(Code), since=now - day) >= MOST_A_DAY:
        raise TooMany(f"{MOST_A_DAY} codes and tests went out within a day. Wait until tomorrow.", after=day)


def _count(tx: Transaction, query: Select[Code], *, since: datetime) -> int:
    counted = select(func.count()).select_from(query.where(Code.sent_at > since).subquery())
    return tx.session.scalar(counted) or 0


def _written(tx: Transaction, member: Known, to: str, channel: Channel) -> Code:
    row = Code(
        organization_id=tx.organization,
        member_id=member.id,
        to=to,
        channel=channel,
        sent_at=clock.real(tx.session),
    )
    tx.session.add(row)
    tx.session.flush()
    return row


def _codes(member: Known, of: Verified) -> Select[Code]:
    channels = [channel for channel in Channel if channel.verifies is of]
    return select(Code).where(Code.member_id == member.id, Code.channel.in_(channels), Code.digest.is_not(None))


def _digest(id: UUID, code: str) -> str:
    """Few codes are possible, so that it is no secret to whoever has the row; it is worth ten minutes."""
    return hashlib.sha256(f"{id}:{code}".encode()).hexdigest()
