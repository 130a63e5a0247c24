"""The other ways of a step: whoever it calls is also sent a text or an e-mail, or mentioned in the channel."""

from datetime import datetime
from typing import Any

from incidents import jobs, turns
from incidents.claims import Claim
from incidents.models import Incident
from incidents.people import Known
from incidents.policy import Policy, Way
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.turns import When
from incidents.words import Status

KIND = {Way.TEXT: JobKind.TEXT_PERSON, Way.SLACK: JobKind.MENTION_PERSON, Way.EMAIL: JobKind.MAIL_PERSON}


def owe(
    tx: Transaction, incident: Incident, policy: Policy, rung: int, *, due: datetime, payload: dict[str, Any]
) -> None:
    """The step that begins with that rung, due then, begins now; `payload` is that of its page."""
    for n, also in enumerate(policy.also[policy.ladder[rung].step] if policy.ladder[rung].is_first else ()):
        key = f"{incident.paging_run}:{rung}:{n}"
        jobs.owe(tx, incident, KIND[also.by], key=key, due=due + also.after, payload=payload)


def cancel(tx: Transaction, incident: Incident) -> None:
    for kind in KIND.values():
        jobs.cancel(tx, incident, kind)


def to_whom(tx: Transaction, incident: Incident, claim: Claim) -> Known | None:
    """Whom that step calls now; None when nobody is to be told any more."""
    run, rung, _ = (int(part) for part in claim.key.split(":"))
    if incident.status is not Status.OPEN or run != incident.paging_run:
        return None
    policy = Policy.of(incident.policy)
    return turns.responder_of(tx, policy, policy.ladder[rung].step, _when(tx, incident, policy, rung, claim))


def _when(tx: Transaction, incident: Incident, policy: Policy, rung: int, claim: Claim) -> When:
    return turns.of_incident(tx, incident, policy, rung, insists=bool(claim.payload.get(turns.INSISTS)))
