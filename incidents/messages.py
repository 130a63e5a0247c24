"""The other ways of a step: whoever it calls is also sent a text or an e-mail, or mentioned in the incident's channel;
a group is mentioned as a whole.
"""

from datetime import datetime
from typing import Any

from incidents import groups, jobs, turns
from incidents.claims import Claim
from incidents.models import Incident, Job
from incidents.people import Known
from incidents.policy import Policy, Way
from incidents.ports import Group
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


def carry_over(tx: Transaction, incident: Incident) -> None:
    """What is owed goes on in the run of the ladder that has just begun, which is about the same step."""
    for kind in KIND.values():
        for job in jobs.waiting(tx, incident, kind):
            _, of_run = job.key.split(":", 1)
            job.key = f"{incident.paging_run}:{of_run}"


def to_whom(tx: Transaction, incident: Incident, claim: Claim) -> Known | None:
    """Whom that step calls now; None when nobody is to be told any more."""
    # The job's own key: since it was claimed, it may have been carried over.
    run, begins, n = (int(part) for part in tx.get(Job, claim.job).key.split(":"))
    if incident.status is not Status.OPEN or run != incident.paging_run:
        return None
    policy = Policy.of(incident.policy)
    rung = policy.called_then(begins, policy.also[policy.ladder[begins].step][n].after)
    return turns.responder_of(tx, policy, rung, _when(tx, incident, policy, rung, claim))


def _when(tx: Transaction, incident: Incident, policy: Policy, rung: int, claim: Claim) -> When:
    return turns.of_incident(tx, incident, policy, rung, insists=bool(claim.payload.get(turns.INSISTS)))


def group_to(tx: Transaction, incident: Incident, claim: Claim) -> Group | None:
    """The group that the mention is for; None when it is for the person."""
    policy = Policy.of(incident.policy)
    return mentioned(tx, policy, policy.ladder[int(claim.key.split(":")[1])].step)


def mentioned(tx: Transaction, policy: Policy, step: int) -> Group | None:
    """The group that a mention of that step is for; None when it is for a person."""
    target = policy.targets[step]
    return None if target is None or target.group is None else groups.with_id(tx, target.group)
