"""PAGE: call the person whose turn it is, with the call after this one owed before this one is made."""

from datetime import timedelta

from incidents import calls, lifecycle, paging, timeline
from incidents.errors import TemporaryError
from incidents.jobs import Claim
from incidents.models import Call, Incident
from incidents.paging import Place
from incidents.policy import Policy
from incidents.store import Transaction
from incidents.summary import Summary, summarize
from incidents.words import Status
from integrations import twiml
from tasks.work import Handler, Work

CALLBACK_WITHIN = timedelta(seconds=20)
"""After a lost answer a call that was placed has shown itself by then, by a callback or in the provider's list."""
LOOK_AGAIN = timedelta(seconds=3)
CLOCKS_DIFFER = timedelta(seconds=2)


def page(work: Work) -> None:
    with work.store.begin() as tx:
        earlier = calls.of_job(tx, work.claim)
    if earlier is not None and _stands(work, earlier):
        return
    planned = _plan(work)
    if planned is None:
        return
    call, summary, ring_for = planned
    phone = work.providers.phone
    if phone is None:
        raise AssertionError("a call is planned only when there is a phone provider")
    address = f"{work.settings.public_url}/voice/page/{call.token}"
    sid = phone.call(
        to=call.to, twiml=twiml.page_call(summary, f"{address}/key"), status_url=f"{address}/status", ring_for=ring_for
    )
    _placed(work, call, sid)


def _plan(work: Work) -> tuple[Call, Summary, timedelta] | None:
    """Decide at the last moment whether anybody is called, and write the call down; None when nobody is."""
    with work.store.begin() as tx:
        incident = work.incident(tx)
        responder = paging.climb(tx, incident, work.claim)
        lifecycle.card_due(tx, incident)
        if incident.status is not Status.OPEN or (responder is None and paging.anybody_reachable(tx)):
            return None
        if work.providers.phone is None or responder is None:
            _nobody_can_be_called(tx, incident, work)
            return None
        policy = Policy.of(incident.policy)
        step = policy.ladder[Place.of(work.claim.key).rung].step
        call = calls.plan(tx, incident, work.claim, responder, step=step)
        return call, summarize(tx, incident), policy.ring_for


def _stands(work: Work, call: Call) -> bool:
    """Whether the call that an earlier attempt planned was placed. Raises: TemporaryError while that cannot be known."""
    if call.sid is not None:
        return True
    phone = work.providers.phone
    age = work.claim.unsettled_for
    if age is None or phone is None:
        return False
    with work.store.begin() as tx:
        known = calls.known_sids(tx, to=call.to)
    found = [
        placed.sid
        for placed in phone.find_calls(to=call.to, since=call.placed_real - CLOCKS_DIFFER)
        if placed.sid not in known
    ]
    if found:
        _placed(work, call, found[-1])
        return True
    if age < CALLBACK_WITHIN:
        raise TemporaryError("it is not known yet whether the call was placed", retry_after=LOOK_AGAIN)
    return False


def _placed(work: Work, call: Call, sid: str) -> None:
    """Whatever happened meanwhile, the call exists: note it, and end it when nobody needs it any more."""
    with work.store.begin() as tx:
        incident = work.incident(tx)
        row = tx.get(Call, call.id, lock=True)
        calls.placed(tx, incident, row, sid)
        if incident.status is not Status.OPEN and row.status not in calls.FINAL:
            paging.end_call(tx, incident, row)
        lifecycle.card_due(tx, incident)


def _nobody_can_be_called(tx: Transaction, incident: Incident, work: Work) -> None:
    reason = "no phone provider is set up" if work.providers.phone is None else "nobody on call has a phone number"
    timeline.write(tx, incident, "page_not_made", actor="Tocsin", reason=reason)
    lifecycle.note(
        tx, incident, f"Nobody is being called: {reason}. Please look at this here.", key=f"uncalled-{incident.paging_run}"
    )


def failed(tx: Transaction, incident: Incident, claim: Claim, reason: str) -> None:
    """This person cannot be called: the next one need not wait."""
    timeline.write(tx, incident, "page_not_made", actor="Tocsin", reason=reason)
    call = calls.of_job(tx, claim)
    if call is not None:
        call.status = "failed"
        paging.unanswered(tx, incident, call, reason=f"{call.responder_name} cannot be called: {reason}")


handler = Handler(page, failed)
