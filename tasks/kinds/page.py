"""PAGE: call the person whose turn it is, or join the call to that person; the next call is owed before that."""

from incidents import calls, claims, holding, lifecycle, lines, messages, pages, paging, timeline
from incidents.claims import Claim
from incidents.models import Incident
from incidents.paging import Place
from incidents.policy import Policy
from incidents.store import Transaction
from incidents.summary import summarize
from tasks import placing
from tasks.placing import Planned
from tasks.work import Handler, Work

TOLD_AFTER_ATTEMPTS = 4
"""So many take about seven seconds, and no more than a minute when Twilio asks for patience."""


def page(work: Work) -> None:
    with work.store.begin() as tx:
        earlier = calls.of_job(tx, work.claim)
    if earlier is not None and placing.stands(work, earlier):
        return
    planned = _plan(work)
    if planned is not None:
        placing.place(work, planned)


def _plan(work: Work) -> Planned | None:
    """Decide at the last moment whether anybody is called, and write the call down; None when none is placed."""
    with work.store.begin() as tx:
        incident = work.incident(tx)
        if holding.holds(tx, incident, work.claim):
            lifecycle.card_due(tx, incident)
            return None
        held = claims.begin_effect(tx, work.claim)
        turn = paging.climb(tx, incident, work.claim)
        lifecycle.card_due(tx, incident)
        if turn is None:
            return None
        responder = turn.responder
        if work.providers.phone is None:
            _nobody_is_called(tx, incident, "no phone provider is set up")
            return None
        if responder is None:
            passed = paging.pass_over(tx, incident, work.claim)
            _nobody_is_called(tx, incident, passed.why, instead=passed.to is not None)
            return None
        rung, policy = Place.of(work.claim.key).rung, Policy.of(incident.policy)
        messages.owe(tx, incident, policy, rung, due=work.claim.due, payload=work.claim.payload)
        line = lines.taken(tx, responder, work.claim)
        if line is not None:
            lines.join(tx, incident, work.claim, line, rung=rung)
            claims.finish(tx, work.claim)
            return None
        call = calls.plan(tx, incident, work.claim, responder, rung=rung)
        return Planned(call, summarize(tx, incident), policy.ring_for, held)


def _nobody_is_called(tx: Transaction, incident: Incident, reason: str, *, instead: bool = False) -> None:
    timeline.write(tx, incident, "page_not_made", actor="Tocsin", reason=reason)
    if not instead:
        lifecycle.note(
            tx,
            incident,
            f"Nobody is being called: {reason}. Please look at this here.",
            key=f"uncalled-{incident.paging_run}",
        )


def failed(tx: Transaction, incident: Incident, claim: Claim, reason: str) -> None:
    """This person cannot be called: the next one need not wait."""
    timeline.write(tx, incident, "page_not_made", actor="Tocsin", reason=reason)
    call = calls.of_job(tx, claim)
    if call is None:
        # It broke before it came so far; the next call is owed all the same.
        paging.climb(tx, incident, claim)
    else:
        call.status = "failed"
        missed = pages.of(tx, call, incident)
        paging.unanswered(tx, incident, missed, reason=f"{call.responder_name} cannot be called: {reason}")


def postponed(tx: Transaction, incident: Incident, claim: Claim, reason: str) -> None:
    """Calling goes on, but people must not wait in the channel for somebody who does not know of it yet."""
    if claim.attempt == TOLD_AFTER_ATTEMPTS:
        timeline.write(tx, incident, "page_delayed", actor="Tocsin", reason=reason)
        lifecycle.note(
            tx,
            incident,
            f"Nobody could be called until now ({reason}). We go on trying; please look at this here.",
            key=f"delayed-{incident.paging_run}",
        )


handler = Handler(page, failed, postponed)
