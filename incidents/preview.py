"""Who would be called, and when, were an incident opened: the ladder walked as the workers will walk it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from incidents import holding, messages, silences, turns
from incidents.people import Known
from incidents.policy import Also, Policy, Way
from incidents.ports import Group
from incidents.store import Transaction
from incidents.turns import When
from incidents.words import Severity


@dataclass(frozen=True, slots=True)
class Expected:
    """One call, or another way of telling the same person; or, with `trouble`, why nobody is called or told there."""

    at: datetime
    step: int
    responder: Known | None
    trouble: str | None = None
    by: Way | None = None
    """None is a call."""
    group: Group | None = None
    """Mentioned as a whole, the responder with them."""

    @property
    def who(self) -> str | None:
        if self.group is not None:
            return f"@{self.group.handle}"
        return self.responder.name if self.responder else None


@dataclass(frozen=True, slots=True)
class Preview:
    """`told_at` is when everybody is told that nobody answered; None when such an incident pages nobody."""

    calls: Sequence[Expected]
    told_at: datetime | None


def preview(
    tx: Transaction, policy: Policy, *, severity: Severity, opened: datetime, category: str | None = None
) -> Preview:
    """For an incident of that severity and category that nobody acknowledges, and that triage leaves as it is."""
    if severity not in policy.pages:
        return Preview((), None)
    calls: list[Expected] = []
    later: list[_Later] = []
    quiet = silences.to_come(tx)
    when, rung = turns.when(tx, severity, at=opened + policy.first_delay(severity)), 0
    while rung < len(policy.ladder):
        held = holding.hold(tx, policy, rung, when, severity=severity, category=category, quiet=quiet)
        if held is not None:
            when = when.after(held.until)
            continue
        step = policy.ladder[rung].step
        responder = turns.responder_of(tx, policy, rung, when)
        if responder is None:
            passed = turns.passing_over(tx, policy, rung, when)
            if passed.to is not None:
                calls += [Expected(when.at, skipped, None, why) for skipped, why in passed.skipped]
                rung = passed.to
                continue
            calls.append(Expected(when.at, step, None, passed.skipped[0][1]))
        else:
            calls.append(Expected(when.at, step, responder))
            if policy.ladder[rung].is_first:
                later += [_Later(when.at + also.after, rung, also) for also in policy.also[step]]
        when = when.after(when.at + policy.next_after(rung), called=responder)
        calls += _also(tx, policy, [each for each in later if each.at <= when.at], when)
        later = [each for each in later if each.at > when.at]
        rung += 1
    calls += _also(tx, policy, later, when)
    return Preview(sorted(calls, key=attrgetter("at")), when.at)


@dataclass(frozen=True, slots=True)
class _Later:
    """Another way of the step that began with the rung `begins`."""

    at: datetime
    begins: int
    also: Also


def _also(tx: Transaction, policy: Policy, told: Sequence[_Later], when: When) -> list[Expected]:
    """Whoever that step calls then is told so; `when` knows of the calls before."""
    found = []
    for each in told:
        step = policy.ladder[each.begins].step
        rung = policy.called_then(each.begins, each.also.after)
        who = turns.responder_of(tx, policy, rung, when.after(each.at))
        group = messages.mentioned(tx, policy, step) if each.also.by is Way.SLACK else None
        if who is not None:
            trouble = who.why_not_mailed if each.also.by is Way.EMAIL else None
            found.append(Expected(each.at, step, who, trouble, by=each.also.by, group=group))
    return found
