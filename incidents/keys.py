"""API keys: made, shown once, kept as a digest, found again, taken back."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from incidents import clock, organizations
from incidents.errors import IncidentError, NotFound
from incidents.models import ApiKey
from incidents.roles import Role
from incidents.store import Transaction

PREFIX = "tocsin_"
SHOWN = len(PREFIX) + 5
LONGEST = 100
MOST_KEYS = 500
USED_AGAIN_AFTER = timedelta(minutes=1)
LOOK = "GET /api/v1/keys lists the keys."


class NotValid(Exception):
    """The key is one of ours and opens nothing any more; the text says since when."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose key it is, and what it may."""

    organization: uuid.UUID
    role: Role
    name: str


def make(tx: Transaction, *, name: str, role: Role, days: int | None, by: str) -> tuple[ApiKey, str]:
    """A new key, and the key itself, which nobody can be shown again. It ends after `days`. Raises: IncidentError."""
    now = clock.real(tx.session)
    organizations.lock(tx)
    known = [each for each in all_of(tx) if is_open(each, now)]
    if len(known) >= MOST_KEYS:
        raise IncidentError(f"There are {MOST_KEYS} keys that open something already. Take some back first.")
    if any(each.name == name for each in known):
        raise IncidentError(
            f"There is a key {name!r} already. Give each a name of its own, so that logs tell whose it is."
        )
    key = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey(
        organization_id=tx.organization,
        name=name,
        role=role,
        digest=_digest(key),
        begins=key[:SHOWN],
        made_at=now,
        made_by=by,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    tx.session.add(row)
    tx.session.flush()
    return row, key


def opened(session: Session, key: str) -> Opened | None:
    """What that key opens; None when it is none. Raises: NotValid when it was taken back or is too old."""
    if not key.startswith(PREFIX) or len(key) > LONGEST:
        return None
    row = session.scalars(select(ApiKey).where(ApiKey.digest == _digest(key))).one_or_none()
    if row is None:
        return None
    now = clock.real(session)
    if row.revoked_at is not None:
        raise NotValid(f"This API key ({row.begins}…) was taken back on {row.revoked_at:%Y-%m-%d}.")
    if not is_open(row, now):
        raise NotValid(f"This API key ({row.begins}…) ended on {row.expires_at:%Y-%m-%d}.")
    if row.used_at is None or now - row.used_at > USED_AGAIN_AFTER:
        row.used_at = now
    return Opened(row.organization_id, row.role, row.name)


def is_open(row: ApiKey, now: datetime) -> bool:
    """Whether it opens anything at that moment of the machine's time."""
    return row.revoked_at is None and (row.expires_at is None or now < row.expires_at)


def all_of(tx: Transaction) -> Sequence[ApiKey]:
    """Also those that open nothing any more; the newest first."""
    return tx.session.scalars(tx.select(ApiKey).order_by(ApiKey.made_at.desc(), ApiKey.id)).all()


def take_back(tx: Transaction, id: str) -> ApiKey:
    """It opens nothing from now on; done again, it changes nothing. Raises: NotFound."""
    row = next((each for each in all_of(tx) if str(each.id) == id), None)
    if row is None:
        raise NotFound(f"There is no key {id[:70]!r}.", look=LOOK)
    row.revoked_at = row.revoked_at or clock.real(tx.session)
    return row


def _digest(key: str) -> str:
    """Keys are 256 random bits, which nobody can try out: a fast digest is enough, and finds the row."""
    return hashlib.sha256(key.encode()).hexdigest()
