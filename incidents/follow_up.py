"""What is owed after an acknowledgement: reminders, and that others are called in the end.

Both are off unless the policy says after how long.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents import jobs
from incidents.models import Incident
from incidents.policy import Policy
from incidents.store import Transaction
from incidents.terms import JobKind

MOST_REMINDERS = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Which reminder it is, from 1, since somebody took the incident or last said that they have it."""

    since: datetime
    n: int

    @classmethod
    def of(cls, key: str) -> "Place":
        since, n = key.rsplit("#", 1)
        return cls(datetime.fromisoformat(since), int(n))

    def __str__(self) -> str:
        return f"{self.since.isoformat()}#{self.n}"


def begin(tx: Transaction, incident: Incident) -> None:
    """Somebody has it, or has said so once more: the time counts from now."""
    for job in jobs.waiting(tx, incident, JobKind.FOLLOW_UP):
        if Place.of(job.key).since != tx.now:
            job.done_at, job.outcome = tx.now, "cancelled"
    _owe(tx, incident, Place(tx.now, 1))


def go_on(tx: Transaction, incident: Incident, place: Place) -> None:
    """That one is done; reminders that were missed meanwhile are left out."""
    every = Policy.of(incident.policy).remind_after
    passed = 0 if every is None else (tx.now - place.since) // every
    _owe(tx, incident, Place(place.since, max(place.n, passed) + 1))


def end(tx: Transaction, incident: Incident) -> None:
    """Nobody has it any more, or it is over."""
    jobs.cancel(tx, incident, JobKind.FOLLOW_UP)


def calls_again(tx: Transaction, incident: Incident, place: Place) -> bool:
    """Whether it is time that others are called. What pages nobody, as it is now, is not called about again either."""
    policy = Policy.of(incident.policy)
    after = policy.call_again_after
    return after is not None and tx.now >= place.since + after and incident.severity in policy.pages


def reminds(tx: Transaction, incident: Incident, place: Place) -> bool:
    """Whether it is time to ask whoever has it."""
    every = Policy.of(incident.policy).remind_after
    return every is not None and place.n <= MOST_REMINDERS and tx.now >= place.since + place.n * every


def _owe(tx: Transaction, incident: Incident, place: Place) -> None:
    policy = Policy.of(incident.policy)
    after: list[timedelta] = []
    if policy.remind_after is not None and place.n <= MOST_REMINDERS:
        after.append(place.n * policy.remind_after)
    if policy.call_again_after is not None and place.since + policy.call_again_after > tx.now:
        after.append(policy.call_again_after)
    if after:
        jobs.owe(tx, incident, JobKind.FOLLOW_UP, key=str(place), due=place.since + min(after))
