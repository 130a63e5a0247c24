"""Numbers are verified before anybody is paged on them: a code is spoken or texted, and whoever says it has the phone.

To send a code is the only way to have a number dialled that nobody has verified, so that it is counted and capped.
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
from incidents.models import Member, PhoneCode
from incidents.people import Known
from incidents.store import Transaction, locked

GOOD_FOR = timedelta(minutes=10)
MOST_TRIES = 5
MOST_AN_HOUR = 3
"""Codes and test calls to one number."""
MOST_A_DAY = 50
"""Codes and test calls of an organization."""
DIGITS = 6


class Channel(StrEnum):
    CALL = "call"
    TEXT = "text"


class TooMany(IncidentError):
    """Enough was dialled for now. `after` says when more is."""

    def __init__(self, text: str, *, after: timedelta) -> None:
        super().__init__(text)
        self.after = after


@dataclass(frozen=True, slots=True)
class Sending:
    """A code that was written down and is to be sent now. `code` is None for a test call."""

    id: UUID
    to: str
    channel: Channel
    code: str | None


def begin(tx: Transaction, member: Known, channel: Channel, *, own: Collection[str]) -> Sending:
    """A new code for the member's number; those before it are worth nothing any more. `own` are numbers of ours.

    Raises: IncidentError when that number is not dialled; TooMany.
    """
    phone = _dialled(member, own=own)
    _demand_room(tx, phone)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = _written(tx, member, phone, channel)
    row.digest = _digest(row.id, code)
    return Sending(row.id, phone, channel, code)


def begin_test(tx: Transaction, member: Known, *, own: Collection[str]) -> Sending:
    """A call that only shows that calls arrive. Raises: IncidentError, also when pages would not arrive; TooMany."""
    phone = _dialled(member, own=own)
    if member.why_not_called is not None:
        raise IncidentError(f"{member.why_not_called}.")
    _demand_room(tx, phone)
    return Sending(_written(tx, member, phone, Channel.CALL).id, phone, Channel.CALL, None)


def forget(tx: Transaction, sending: Sending) -> None:
    """It surely was not sent, and counts as nothing: a provider that is down uses nobody's three times up."""
    tx.session.delete(tx.get(PhoneCode, sending.id, lock=True))


def confirm(tx: Transaction, member: Known, code: str) -> Known:
    """The member's number is verified from now on. Raises: IncidentError when that is not the code.

    A wrong answer is counted: commit what this has written also when it raises.
    """
    row = tx.session.scalars(locked(_codes(member).order_by(PhoneCode.sent_at.desc()).limit(1))).one_or_none()
    if row is None or row.used_at is not None or row.phone != member.phone:
        raise IncidentError(f"No code is waiting for {member.name}. Have one sent first: POST …/phone/code.")
    if clock.real(tx.session) - row.sent_at > GOOD_FOR:
        raise IncidentError("The code is older than ten minutes. Have another one sent: POST …/phone/code.")
    if row.tries >= MOST_TRIES:
        raise IncidentError(f"{MOST_TRIES} answers were wrong. Have another code sent: POST …/phone/code.")
    if not secrets.compare_digest(row.digest or "", _digest(row.id, code)):
        row.tries += 1
        raise IncidentError("That is not the code. Listen once more, or have another one sent: POST …/phone/code.")
    row.used_at = clock.real(tx.session)
    member_row = tx.get(Member, member.id, lock=True)
    if member_row.phone != row.phone:
        raise IncidentError(f"{member.name} has another number now. Have a code sent to that one.")
    member_row.phone_verified_at = tx.now
    tx.session.flush()
    paging.look_at_all_again(tx)
    return Known.of(tx, member_row)


def _dialled(member: Known, *, own: Collection[str]) -> str:
    if member.phone is None:
        raise IncidentError(f"{member.name} has no phone number. Give one: PUT /api/v1/members/….")
    if member.phone in own:
        raise IncidentError(f"{member.phone} is Tocsin's own number, and it does not call itself. Give another one.")
    trouble = dialling.why_not_dialled(member.phone, member.countries)
    if trouble is not None:
        raise IncidentError(f"{trouble}.")
    return member.phone


def _demand_room(tx: Transaction, phone: str) -> None:
    """Nobody else counts meanwhile: the organization is locked."""
    organizations.lock(tx)
    now = clock.real(tx.session)
    hour, day = timedelta(hours=1), timedelta(days=1)
    to_it = tx.select(PhoneCode).where(PhoneCode.phone == phone)
    if _count(tx, to_it, since=now - hour) >= MOST_AN_HOUR:
        raise TooMany(
            f"{phone} was dialled {MOST_AN_HOUR} times within an hour. Wait before the next time.", after=hour
        )
    if _count(tx, tx.select(PhoneCode), since=now - day) >= MOST_A_DAY:
        raise TooMany(f"{MOST_A_DAY} codes and test calls went out within a day. Wait until tomorrow.", after=day)


def _count(tx: Transaction, query: Select[PhoneCode], *, since: datetime) -> int:
    counted = select(func.count()).select_from(query.where(PhoneCode.sent_at > since).subquery())
    return tx.session.scalar(counted) or 0


def _written(tx: Transaction, member: Known, phone: str, channel: Channel) -> PhoneCode:
    row = PhoneCode(
        organization_id=tx.organization,
        member_id=member.id,
        phone=phone,
        channel=channel,
        sent_at=clock.real(tx.session),
    )
    tx.session.add(row)
    tx.session.flush()
    return row


def _codes(member: Known) -> Select[PhoneCode]:
    return select(PhoneCode).where(PhoneCode.member_id == member.id, PhoneCode.digest.is_not(None))


def _digest(id: UUID, code: str) -> str:
    """Few codes are possible, so that it is no secret to whoever has the row; it is worth ten minutes."""
    return hashlib.sha256(f"{id}:{code}".encode()).hexdigest()
