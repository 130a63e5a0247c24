"""Who sends the present request: the organization, the role and the name of the key."""

import uuid
from dataclasses import dataclass

from flask import g

from incidents.people import Actor
from incidents.roles import Role


@dataclass(frozen=True, slots=True)
class Caller:
    """`organization` is None for the key of the settings, which is the first organization's."""

    role: Role
    name: str
    organization: uuid.UUID | None = None


def caller() -> Caller:
    """Raises: AttributeError for an address that demands no key."""
    found: Caller = g.caller
    return found


def actor(named: str = "") -> Actor:
    """Who does it: whoever the request names, else the key."""
    return Actor(named or caller().name, via="api", role=caller().role, key=caller().name)
