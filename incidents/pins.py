"""PINs: what a member proves by phone that it is them, for a caller's number proves nothing.

A hash takes about 25 ms of a processor: neither `hashed` nor `fits` belongs into a transaction.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete

from incidents import people
from incidents.errors import IncidentError
from incidents.models import Member, Pin
from incidents.people import Known
from incidents.store import Transaction, locked

LONGEST = 8
MOST_WRONG = 5
LOCKED_FOR = timedelta(minutes=15)
_REPEATS = re.compile(r"(\d+?)\1+")
_UP, _DOWN = "01234567890123456", "65432109876543210"
_ARGON2 = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""What OWASP advises for 19 MiB: some callers at once do not exhaust a small container, as they would with more
(https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id)."""


@dataclass(frozen=True, slots=True)
class Try:
    """One answer that is counted already, as if it were wrong. `locks`: if it is, the PIN is locked."""

    digest: str = field(repr=False)
    locks: bool


@dataclass(frozen=True, slots=True)
class Locked:
    left: timedelta


def hashed(pin: str, *, phone: str | None) -> str:
    """What is kept of it. Raises: IncidentError when it is one that is guessed first; `phone` is the owner's number."""
    if not re.fullmatch(r"[0-9]{4,8}", pin):
        raise IncidentError(f"A PIN has 4 to {LONGEST} digits.")
    if _REPEATS.fullmatch(pin) or pin in _UP or pin in _DOWN:
        raise IncidentError("Digits that repeat or count are guessed first. Choose another PIN.")
    if phone is not None and pin in phone:
        raise IncidentError("Digits of the own number are guessed first. Choose another PIN.")
    return _ARGON2.hash(pin)


def fits(digest: str, pin: str) -> bool:
    """Takes as long for a wrong PIN as for the right one."""
    try:
        return _ARGON2.verify(digest, pin[: LONGEST + 1])
    except VerifyMismatchError:
        return False


def give(tx: Transaction, member: Known, digest: str) -> Known:
    """The member has this PIN from now on, and no other; it is not locked. Raises: NotFound."""
    row = _without(tx, member)
    tx.session.add(Pin(organization_id=tx.organization, member_id=member.id, digest=digest))
    row.pin_set_at = tx.now
    tx.session.flush()
    return Known.of(tx, row)


def take_away(tx: Transaction, member: Known) -> Known:
    """The member has none; had they none before, nothing changes. Raises: NotFound."""
    return Known.of(tx, _without(tx, member))


def begin_try(tx: Transaction, member: Member) -> Try | Locked | None:
    """Counts an answer before it is looked at, so that calls at the same time get no more of them than one after the
    other; None when the member has no PIN. Commit it, look with `fits`, and tell `right` if it was.
    """
    row = _kept(tx, member)
    if row is None:
        return None
    if row.locked_until is not None:
        if tx.now < row.locked_until:
            return Locked(row.locked_until - tx.now)
        row.wrong, row.locked_until = 0, None
    row.wrong += 1
    if row.wrong >= MOST_WRONG:
        row.locked_until = tx.now + LOCKED_FOR
    return Try(row.digest, locks=row.locked_until is not None)


def right(tx: Transaction, member: Member, answered: Try) -> bool:
    """The answer was right, and those before it count no more; False when there is another PIN now, or none."""
    row = _kept(tx, member)
    if row is None or row.digest != answered.digest:
        return False
    row.wrong, row.locked_until = 0, None
    return True


def lock(tx: Transaction, member: Member) -> Locked | None:
    """For how long no answer counts; None when the next one does."""
    row = _kept(tx, member)
    if row is None or row.locked_until is None or row.locked_until <= tx.now:
        return None
    return Locked(row.locked_until - tx.now)


def _kept(tx: Transaction, member: Member) -> Pin | None:
    return tx.session.scalars(locked(tx.select(Pin).where(Pin.member_id == member.id))).one_or_none()


def _without(tx: Transaction, member: Known) -> Member:
    people.demand_present(tx, member.id)
    tx.session.execute(delete(Pin).where(Pin.organization_id == tx.organization, Pin.member_id == member.id))
    row = tx.get(Member, member.id, lock=True)
    row.pin_set_at = None
    return row
