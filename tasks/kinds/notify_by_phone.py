"""NOTIFY_BY_PHONE: call one person on call because somebody asked for it, with that person's words."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from incidents import calls, claims, duty, lines, pages, timeline
from incidents.errors import PermanentError, TemporaryError
from incidents.models import Incident, Job
from incidents.policy import Policy
from incidents.store import Transaction
from incidents.summary import summarize
from incidents.words import Severity
from tasks import placing
from tasks.placing import Planned
from tasks.work import Handler, Work

LINE_BUSY = timedelta(seconds=3)
"""Its words are its own, so that it cannot join a call that is on already."""


def notify_by_phone(work: Work) -> None:
    with work.store.begin() as tx:
        earlier = calls.of_job(tx, work.claim)
    if earlier is not None and placing.stands(work, earlier):
        return
    planned = _plan(work)
    if planned is not None:
        placing.place(work, planned)


def _plan(work: Work) -> Planned | None:
    """Look once more whether it is still wanted, and write the call down; None when it is not."""
    asked = work.claim.payload
    with work.store.begin() as tx:
        incident = work.incident(tx)
        held = claims.begin_effect(tx, work.claim)
        if (reason := _needless(tx, incident, work)) is not None:
            timeline.write(tx, incident, "notification_not_made", actor="Tocsin", reason=reason)
            return None
        responder = next((each for each in duty.on_duty(tx) if each.id == UUID(asked["responder"])), None)
        if responder is None:
            raise PermanentError("the person is not on call any more")
        if responder.why_not_called is not None:
            raise PermanentError(responder.why_not_called)
        if work.providers.phone is None:
            raise PermanentError("no phone provider is set up")
        if lines.taken(tx, responder, work.claim) is not None:
            raise TemporaryError(f"{responder.name} is in a call of ours", happened=False, retry_after=LINE_BUSY)
        call = calls.plan(tx, incident, work.claim, responder, rung=None, run=pages.OUTSIDE_THE_LADDER)
        said = replace(summarize(tx, incident), title=asked["message"], severity=Severity(asked["severity"]))
        return Planned(call, said, Policy.of(incident.policy).ring_for, held)


def _needless(tx: Transaction, incident: Incident, work: Work) -> str | None:
    """Why nobody needs the call any more; None when it is still wanted."""
    if incident.status.is_over:
        return f"it is {incident.status} already"
    job = tx.get(Job, work.claim.job)
    if incident.acknowledged_at is not None and incident.acknowledged_at >= job.created_at:
        return f"{incident.acknowledged_by} acknowledged it meanwhile"
    return None


handler = Handler(notify_by_phone)
