"""UPDATE_TICKET: the ticket says what is true now, and is closed exactly when the incident is over."""

from incidents.summary import summarize
from integrations import ticket_text
from tasks.work import Handler, Work


def update_ticket(work: Work) -> None:
    with work.store.begin() as tx:
        summary = summarize(tx, work.incident(tx))
    tickets = work.providers.tickets
    if tickets is None or summary.ticket is None:
        return
    text = ticket_text.ticket(summary)
    tickets.update(
        summary.ticket,
        summary=text.summary,
        description=text.description,
        priority=text.priority,
        labels=[text.label, *text.labels],
    )
    if summary.status.is_over:
        tickets.close(summary.ticket)
    else:
        tickets.reopen(summary.ticket)


handler = Handler(update_ticket)
