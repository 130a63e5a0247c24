"""Who would be called, and when, were an incident opened: the ladder walked as the workers will walk it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents import paging, silences
from incidents.people import Known
from incidents.policy import Policy
from incidents.store import Transaction
from incidents.words import Severity


@dataclass(frozen=True, slots=True)
class Expected:
    """One call; or, with `trouble`, why nobody can be called there."""

    at: datetime
    step: int
    responder: Known | None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """`told_at` is when everybody is told that nobody answered; None when such an incident pages nobody."""

    calls: Sequence[Expected]
    told_at: datetime | None


def preview(tx: Transaction, policy: Policy, *, severity: Severity, opened: datetime) -> Preview:
    """For an incident of that severity of no category that nobody acknowledges, and that triage leaves as it is."""
    if severity not in policy.pages:
        return Preview((), None)
    calls: list[Expected] = []
    at, rung = opened + policy.first_delay(severity), 0
    quiet = silences.to_come(tx)
    while rung < len(policy.ladder):
        held = silences.over(tx, severity=severity, category=None, at=at, rows=quiet)
        at = at if held is None else held.until
        step = policy.ladder[rung].step
        responder = paging.responder_of(tx, policy, step, at=at)
        if responder is None:
            passed = paging.passing_over(tx, policy, rung, at=at)
            if passed.to is not None:
                calls += [Expected(at, skipped, None, why) for skipped, why in passed.skipped]
                rung = passed.to
                continue
            calls.append(Expected(at, step, None, passed.skipped[0][1]))
        else:
            calls.append(Expected(at, step, responder))
        at += policy.next_after(rung)
        rung += 1
    return Preview(calls, at)
