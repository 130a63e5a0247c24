"""An incident as it is shown: the card, REST, lists and the paging call all read this one projection."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from incidents import classification, paging, projects, silences
from incidents.duty import on_duty
from incidents.models import Incident
from incidents.ports import Neighbour, Remedy
from incidents.store import Transaction
from incidents.words import Route, Sentiment, Severity, Source, Status, Triage, Urgency


@dataclass(frozen=True, slots=True)
class Person:
    """`handle` is how the person is shown (`Bea`, `+1 202 555 0199`); `slack_user` lets Slack show them its own way."""

    handle: str
    slack_user: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Another incident that this one is, or may be, the same trouble as; `similarity` is a cosine, if it is asked."""

    number: int
    title: str
    channel_id: str | None = None
    ticket: str | None = None
    ticket_url: str | None = None
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Times are aware and in UTC. `ref` is the id given by the reporter or made; `number` is the `42` of `#42`."""

    uuid: UUID
    ref: str
    number: int
    title: str
    description: str
    kind: str | None
    project: str
    status: Status
    triage: Triage
    severity: Severity
    category: str | None
    confidence: float | None
    route: Route | None
    why: str | None
    similar: Sequence[Neighbour]
    helped: Sequence[Neighbour]
    urgency: Urgency | None
    sentiment: Sentiment | None
    reply: str | None
    remediation: Sequence[Remedy]
    source: Source
    reported_by: Person
    opened_at: datetime
    acknowledged_by: Person | None
    acknowledged_at: datetime | None
    resolved_by: Person | None
    resolved_at: datetime | None
    merged_into: Other | None
    suspects: Sequence[Other]
    """Open ones that it may be the same trouble as, the most similar first; none once it is over."""
    channel: str | None
    channel_id: str | None
    ticket: str | None
    ticket_url: str | None
    page: str
    """What paging is doing, in words: `none`, `next Bea at 12:03:30 UTC`, `acknowledged by Bea`, `nobody answered`."""
    on_call: Sequence[Person]
    next_page_at: datetime | None
    categories: Sequence[str]
    """The organization's categories, for the card's menu."""


Others = dict[int, tuple[Status, Other]]
"""By number, each with its status."""


def summarize(tx: Transaction, incident: Incident, *, first_page: datetime | None = None) -> Summary:
    """The incident as it is shown at this moment.

    `first_page` is known to whoever has just opened it, who then asks the database for silences alone.
    """
    later = silences.delaying(tx)
    if first_page is None:
        upcoming = paging.next_pages(tx, [incident], not_before=later)
    else:
        upcoming = paging.first_page(tx, incident, first_page, not_before=later)
    return _summarize(tx, [incident], upcoming)[0]


def summarize_all(tx: Transaction, incidents: Sequence[Incident]) -> list[Summary]:
    """The incidents as they are shown at this moment, with a few questions to the database for all of them."""
    return _summarize(tx, incidents, paging.next_pages(tx, incidents, not_before=silences.delaying(tx)))


def _summarize(tx: Transaction, incidents: Sequence[Incident], upcoming: paging.Upcoming) -> list[Summary]:
    people = [Person(responder.name, responder.slack_user) for responder in on_duty(tx)]
    categories = classification.categories(tx)
    others = _others(tx, incidents)
    return [_summary(tx, incident, upcoming.get(incident.id), people, categories, others) for incident in incidents]


def _others(tx: Transaction, incidents: Sequence[Incident]) -> Others:
    """Those that the incidents name, by number; asked for only when there are any."""
    numbers = {incident.merged_into for incident in incidents if incident.merged_into is not None}
    numbers |= {each["number"] for incident in incidents for each in incident.suspects}
    if not numbers:
        return {}
    row = Incident
    columns = (row.number, row.title, row.channel_id, row.ticket_key, row.ticket_url, row.status)
    query = select(*columns).where(row.organization_id == tx.organization, row.number.in_(numbers))
    return {each.number: (each.status, Other(*each[:-1])) for each in tx.session.execute(query)}


def _suspects(incident: Incident, others: Others) -> list[Other]:
    if incident.status.is_over:
        return []
    known = [(each, others[each["number"]]) for each in incident.suspects if each["number"] in others]
    return [replace(other, similarity=each["similarity"]) for each, (status, other) in known if not status.is_over]


def _summary(
    tx: Transaction,
    incident: Incident,
    upcoming: paging.Next | None,
    people: Sequence[Person],
    categories: Sequence[str],
    others: Others,
) -> Summary:
    goes_on_as = others.get(incident.merged_into) if incident.merged_into is not None else None
    return Summary(
        uuid=incident.id,
        ref=incident.ref,
        number=incident.number,
        title=incident.title,
        description=incident.description,
        kind=incident.kind,
        project=projects.name_of(tx, incident.project_id),
        status=incident.status,
        triage=incident.triage,
        severity=incident.severity,
        category=incident.category,
        confidence=incident.confidence,
        route=incident.route,
        why=incident.why,
        similar=classification.neighbours(incident.similar),
        helped=classification.neighbours(incident.helped),
        urgency=incident.urgency,
        sentiment=incident.sentiment,
        reply=incident.reply,
        remediation=classification.remedies(incident.remediation),
        source=incident.source,
        reported_by=Person(incident.reporter_name, incident.reporter_slack),
        opened_at=incident.opened_at,
        acknowledged_by=_person(incident.acknowledged_by, incident.acknowledged_slack),
        acknowledged_at=incident.acknowledged_at,
        resolved_by=_person(incident.resolved_by, incident.resolved_slack),
        resolved_at=incident.resolved_at,
        merged_into=goes_on_as[1] if goes_on_as else None,
        suspects=_suspects(incident, others),
        channel=incident.channel_name,
        channel_id=incident.channel_id,
        ticket=incident.ticket_key,
        ticket_url=incident.ticket_url,
        page=_page_in_words(tx, incident, upcoming),
        on_call=people,
        next_page_at=upcoming[1] if upcoming else None,
        categories=categories,
    )


def _person(handle: str | None, slack_user: str | None) -> Person | None:
    return None if handle is None else Person(handle, slack_user)


def _page_in_words(tx: Transaction, incident: Incident, upcoming: paging.Next | None) -> str:
    if incident.acknowledged_by is not None:
        return f"acknowledged by {incident.acknowledged_by}"
    if incident.status is not Status.OPEN:
        return "none"
    if upcoming is not None:
        responder, due = upcoming
        who = responder.name if responder else "nobody with a phone"
        return f"next {who} at {due:%H:%M:%S} UTC"
    return "nobody answered" if paging.was_called(tx, incident) else "none"
