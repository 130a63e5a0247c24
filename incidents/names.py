"""How an incident is called: its number (`#42`), its id (`TEST-PY-01`), and how either is found."""

import re

from sqlalchemy import false, or_

from incidents.errors import IncidentError, NotFound
from incidents.models import Incident
from incidents.store import Transaction, locked

REF = re.compile(r"[A-Za-z0-9._-]{1,64}")
RESERVED = frozenset({"stats", "status", "list", "help", "ack", "resolve", "escalate", "new", "all", ".", ".."})
LARGEST_NUMBER = 2**31 - 1
LONGEST_NUMBER = 64


def checked_ref(ref: str) -> str:
    """The id as given, if it can be one. Raises: IncidentError."""
    if not REF.fullmatch(ref):
        raise IncidentError("An id has 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-'. Leave it out to get one.")
    if ref.isdigit():
        raise IncidentError("An id of digits alone would look like an incident's number. Put a letter into it.")
    if ref.lower() in RESERVED:
        raise IncidentError(f"'{ref}' has a meaning of its own and cannot be an id. Choose another one.")
    return ref


def known(tx: Transaction, ref: str) -> Incident | None:
    """The incident of exactly that id."""
    return tx.session.scalars(tx.select(Incident).where(Incident.ref == ref)).one_or_none()


def find(tx: Transaction, name: str, *, lock: bool = False) -> Incident:
    """The incident of that number (`42`, `#42`, `incident-42`) or id. Raises: NotFound."""
    bare = name.strip().removeprefix("#")
    named, number = Incident.ref == bare, _number(bare.removeprefix("incident-"))
    numbered = false() if number is None else Incident.number == number
    # Somebody may have given the id `incident-7`; then that is what is meant, and not the channel of #7.
    query = tx.select(Incident).where(or_(named, numbered)).order_by(named.desc()).limit(1)
    incident = tx.session.scalars(locked(query) if lock else query).one_or_none()
    if incident is None:
        raise NotFound(f"There is no incident {bare[:70]!r}.")
    return incident


def _number(text: str) -> int | None:
    """The number that the text is; None when it is none that an incident can have."""
    if not (text.isascii() and text.isdigit()) or len(text) > LONGEST_NUMBER or int(text) > LARGEST_NUMBER:
        return None
    return int(text)
