"""What becomes of a paging call: whoever was reached and took nothing passes its pages to the next person."""

from incidents import calls, lifecycle, pages, paging, timeline
from incidents.models import Call
from incidents.store import Store, Transaction
from voice.on_the_line import Asked, line

RINGING_OUT = frozenset({"busy", "no-answer"})
ANSWERED = frozenset({"in-progress", "completed"})
"""A call that was never answered does not end as completed; the word of the answer may come late or never."""


def told(store: Store, *, token: str, sid: str, status: str, sequence: int) -> None:
    """A status callback. Raises: NotFound."""
    with store.begin() as tx:
        on = line(tx, token=token, sid=sid)
        call = on.call
        first = next(each.incident for each in on.asked if each.incident.id == call.incident_id)
        if not calls.heard(tx, first, call, sid=sid, status=status, sequence=sequence):
            return
        if status in ANSWERED and call.ending_at is None:
            call.answered_at = call.answered_at or tx.now
        if status in calls.FINAL:
            call.ended_at = tx.now
            for asked in on.asked:
                _ended(tx, call, asked)


def _ended(tx: Transaction, call: Call, asked: Asked) -> None:
    incident = asked.incident
    timeline.write(
        tx, incident, "call_ended", actor=call.responder_name, status=call.status, answered=call.answered_at is not None
    )
    if pages.wanted(incident, asked.page) and _goes_on(tx, call, asked):
        lifecycle.card_due(tx, incident)


def _goes_on(tx: Transaction, call: Call, asked: Asked) -> bool:
    """Whether somebody is called at once. After a phone that nobody took, the ladder goes on when it would anyway."""
    incident, page, who = asked.incident, asked.page, call.responder_name
    told_of_it = page.said is not None
    if call.ending_at is not None or call.status == "canceled":
        reason = f"the call to {who} was ended before {who} heard of it"
        return not told_of_it and paging.unheard(tx, incident, page, reason=reason)
    if call.status in RINGING_OUT:
        return False
    if not told_of_it and call.digits:
        reason = f"{who} hung up before hearing of it"
        return paging.unheard(tx, incident, page, reason=reason)
    if call.answered_at is not None:
        return paging.unanswered(tx, incident, page, reason=f"{who} answered and did not acknowledge")
    return paging.unanswered(tx, incident, page, reason=f"{who} cannot be reached")
