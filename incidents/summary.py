"""An incident as it is shown: the card, REST, lists and the paging call all read this one projection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incidents.ports import Neighbour
from incidents.words import Route, Severity, Source, Status, Triage


@dataclass(frozen=True, slots=True)
class Person:
    """`handle` is how the person is shown (`Bea`, `+1 202 555 0199`); `slack_user` lets Slack show them its own way."""

    handle: str
    slack_user: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Times are aware and in UTC. `ref` is the id given by the reporter or made; `number` is the `42` of `#42`."""

    uuid: UUID
    ref: str
    number: int
    title: str
    description: str
    kind: str | None
    status: Status
    triage: Triage
    severity: Severity
    category: str | None
    confidence: float | None
    route: Route | None
    why: str | None
    similar: Sequence[Neighbour]
    helped: Sequence[Neighbour]
    source: Source
    reported_by: Person
    opened_at: datetime
    acknowledged_by: Person | None
    acknowledged_at: datetime | None
    resolved_by: Person | None
    resolved_at: datetime | None
    channel: str | None
    channel_id: str | None
    ticket: str | None
    ticket_url: str | None
    page: str
    """What paging is doing, in words: `none`, `next Bea at 12:03:30 UTC`, `acknowledged`, `nobody answered`, `no phone provider`."""
    on_call: Sequence[Person]
    next_page_at: datetime | None
    categories: Sequence[str]
    """The organization's categories, for the card's menu."""
