"""Who wants to know of some incidents: told in a channel when one opens, is taken, is over or is not; never paged."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from incidents import jobs, organizations, projects
from incidents.errors import IncidentError, NotFound
from incidents.match import Match
from incidents.models import Incident, Organization
from incidents.store import Transaction
from incidents.terms import JobKind

MOST = 100
LOOK = "GET /api/v1/stakeholders lists the stakeholders."


class News(StrEnum):
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """`channel` is where they are told, by Slack's id; `slack_user` is mentioned there."""

    id: str
    name: str
    channel: str
    slack_user: str | None
    match: Match

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Stakeholder":
        return cls(**{**kept, "match": Match(**kept["match"])})


def all_of(tx: Transaction) -> list[Stakeholder]:
    """By name."""
    return _all(organizations.own(tx))


def _all(organization: Organization) -> list[Stakeholder]:
    return sorted(map(Stakeholder.of, organization.stakeholders), key=lambda each: each.name.casefold())


def make(tx: Transaction, *, name: str, channel: str, slack_user: str | None, match: Match) -> Stakeholder:
    """They are told of what happens from now on. Raises: IncidentError."""
    organization = organizations.lock(tx)
    known = _all(organization)
    if len(known) >= MOST:
        raise IncidentError(f"There are {MOST} stakeholders, and no more are kept. Remove one first.")
    if any(each.name.casefold() == name.casefold() for each in known):
        raise IncidentError(f"There is a stakeholder {name!r} already. Choose another name.")
    organizations.demand_categories(tx, match.categories)
    projects.demand(tx, match.projects)
    made = Stakeholder(str(uuid.uuid4()), name, channel, slack_user, match)
    organization.stakeholders = [*organization.stakeholders, asdict(made)]
    return made


def remove(tx: Transaction, name: str) -> list[Stakeholder]:
    """By name or id; those who are left. Raises: NotFound."""
    organization = organizations.lock(tx)
    gone = next((each for each in _all(organization) if name in (each.name, each.id)), None)
    if gone is None:
        raise NotFound(f"There is no stakeholder {name[:70]!r}.", look=LOOK)
    organization.stakeholders = [each for each in organization.stakeholders if each["id"] != gone.id]
    return _all(organization)


def tell(tx: Transaction, incident: Incident, news: News, *, by: str | None = None) -> None:
    """Each whom such an incident concerns is told, once; of its opening those too whom it concerns only now."""
    about = {"severity": incident.severity, "category": incident.category, "service": incident.service}
    for each in _concerned(tx, {**about, "project": incident.project_id}):
        key = f"{each.name}:{news}" if news is News.OPENED else f"{each.name}:{news}-{incident.version}"
        told = {"channel": each.channel, "slack_user": each.slack_user, "news": news, "by": by}
        jobs.owe(tx, incident, JobKind.TELL_STAKEHOLDER, key=key, payload=told)


def _concerned(tx: Transaction, about: dict[str, Any]) -> Sequence[Stakeholder]:
    return [each for each in all_of(tx) if each.match.fits(**about)]
