"""OPEN_TICKET: the incident's ticket in the tracker, found by a label of its own after a lost answer."""

from datetime import timedelta

from incidents import claims, jobs, lifecycle, timeline
from incidents.errors import TemporaryError
from incidents.ports import Ticket, Tickets
from incidents.summary import summarize
from incidents.terms import JobKind
from integrations import ticket_text
from tasks.work import Handler, Work

SEARCH_AT = [timedelta(seconds=seconds) for seconds in (15, 60, 180, 300)]
"""The tracker's search lags its writes: only what is not found at the last of these was not created."""


def open_ticket(work: Work) -> None:
    tickets = work.providers.tickets
    if tickets is None:
        return
    with work.store.begin() as tx:
        incident = work.incident(tx)
        shown, summary = incident.version, summarize(tx, incident)
    text = ticket_text.ticket(summary)
    ticket = _created_earlier(work, tickets, text.label)
    if ticket is None:
        with work.store.begin() as tx:
            held = claims.begin_effect(tx, work.claim)
        held.check()
        ticket = tickets.create(
            label=text.label,
            summary=text.summary,
            description=text.description,
            priority=text.priority,
            labels=text.labels,
        )
    with work.finishing() as (tx, incident):
        incident.ticket_key, incident.ticket_url = ticket.key, ticket.url
        timeline.write(tx, incident, "ticket_opened", actor="Tocsin", ticket=ticket.key)
        # One of an earlier attempt says what was true then, and every ticket begins open.
        if work.claim.unsettled is not None or incident.version != shown or incident.status.is_over:
            jobs.owe(tx, incident, JobKind.UPDATE_TICKET)
        lifecycle.card_due(tx, incident)


def _created_earlier(work: Work, tickets: Tickets, label: str) -> Ticket | None:
    """The ticket of an earlier attempt; None when there is none for sure. Raises: TemporaryError while nobody knows."""
    age = work.claim.unsettled_for
    if age is None:
        return None
    found = tickets.find(label=label)
    if found is not None:
        return found
    later = next((moment for moment in SEARCH_AT if moment > age), None)
    if later is None:
        return None
    raise TemporaryError("it is not known yet whether the ticket was created", retry_after=later - age)


handler = Handler(open_ticket)
