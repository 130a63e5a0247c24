"""Whose turn a call of the ladder is, at some moment, with the rules that people have made for themselves."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from incidents import duty
from incidents.models import Call, Incident, Page
from incidents.people import Known, everybody, on_call
from incidents.policy import Policy
from incidents.rules import NIGHT, Rest
from incidents.store import Transaction
from incidents.words import Severity

FIRST_RUN = 1
"""Later runs of the ladder begin because somebody wants a call now, or could not take the one that there was."""
INSISTS = "insists"
"""In the payload of a page whose person is called whatever their rules say: all whom it could call rest."""


@dataclass(frozen=True, slots=True)
class When:
    """A moment in which somebody would be called.

    `calls` are those that people had in the night before, and `others` those of them about other incidents; both are
    None when people's rules do not count.
    """

    at: datetime
    calls: Mapping[UUID, Sequence[datetime]] | None
    others: Mapping[UUID, Sequence[datetime]] | None

    def rest(self, person: Known) -> Rest | None:
        """Why the person is passed over then."""
        return None if self.calls is None else person.rules.rest(self.at, self.calls.get(person.id, ()))

    def pause(self, person: Known) -> Rest | None:
        """Why the person is called a little later. The calls about one incident have the rhythm of its policy."""
        return None if self.others is None else person.rules.pause(self.at, self.others.get(person.id, ()))

    def rests_anyway(self, person: Known) -> bool:
        """Whether the person is passed over then even without the calls about this incident."""
        others = self.others
        return others is not None and person.rules.rest(self.at, others.get(person.id, ())) is not None

    @property
    def whatever_people_say(self) -> "When":
        """The same moment for somebody who wants a call now."""
        return When(self.at, None, None)

    def after(self, at: datetime, called: Known | None = None) -> "When":
        """A later moment, before which that person was called at this one."""
        if self.calls is None or called is None:
            return replace(self, at=at)
        return replace(self, at=at, calls={**self.calls, called.id: [*self.calls.get(called.id, ()), self.at]})


@dataclass(frozen=True, slots=True)
class History:
    """The calls in the night before to people who have a rule that counts them; `about` are those of some incidents."""

    calls: Sequence[Call]
    about: Mapping[UUID, Collection[UUID]]


def history(tx: Transaction, incidents: Collection[Incident]) -> History:
    """With what was about these incidents. Where nobody has such a rule, and for HIGH, there is nothing to ask."""
    counted = [person.id for person in everybody(tx) if person.rules.counts_calls]
    if not counted or (incidents and all(each.severity is Severity.HIGH for each in incidents)):
        return History((), {})
    return History(_calls(tx, counted), _about(tx, incidents) if incidents else {})


def when(
    tx: Transaction,
    severity: Severity,
    *,
    at: datetime | None = None,
    incident: Incident | None = None,
    known: History | None = None,
) -> When:
    """For an incident of that severity, which is that one when it is there already; now when no time is given."""
    at = at or tx.now
    if severity is Severity.HIGH:
        return When(at, None, None)
    known = known or history(tx, [] if incident is None else [incident])
    own = known.about.get(incident.id, ()) if incident is not None else ()
    return When(at, _by_person(known.calls), _by_person([call for call in known.calls if call.id not in own]))


def _calls(tx: Transaction, people: Sequence[UUID]) -> Sequence[Call]:
    """Those that they had in the night before: what was planned and never reached the provider rang nobody."""
    query = tx.select(Call).where(Call.responder_id.in_(people), Call.placed_at > tx.now - NIGHT)
    return tx.session.scalars(query.where(Call.sid.is_not(None), Call.status != "failed")).all()


def _about(tx: Transaction, incidents: Collection[Incident]) -> Mapping[UUID, Collection[UUID]]:
    own = (Page.organization_id == tx.organization, Page.incident_id.in_([each.id for each in incidents]))
    found: dict[UUID, set[UUID]] = {}
    for incident, call in tx.session.execute(select(Page.incident_id, Page.call_id).where(*own)):
        found.setdefault(incident, set()).add(call)
    return found


def _by_person(calls: Sequence[Call]) -> Mapping[UUID, Sequence[datetime]]:
    found: dict[UUID, list[datetime]] = {}
    for call in calls:
        found.setdefault(call.responder_id, []).append(call.placed_at)
    return found


def of_incident(
    tx: Transaction,
    incident: Incident,
    policy: Policy,
    rung: int,
    *,
    insists: bool = False,
    at: datetime | None = None,
    history: History | None = None,
) -> When:
    """Now, or at that time, for the incident: in a later run somebody is called even if all whom it could call rest.

    With `insists` that rung calls its own person, even one who rests.
    """
    moment = when(tx, incident.severity, at=at, incident=incident, known=history)
    if insists:
        return moment.whatever_people_say
    return moment if incident.paging_run <= FIRST_RUN else insisting(tx, policy, rung, moment)


def responder_of(tx: Transaction, policy: Policy, rung: int, when: When) -> Known | None:
    """Whom that rung calls then; None when nobody of its step is to be called.

    Without a target, or when it is there no more, it is the person of the step's place on the list who can be called,
    and the last one again when there are fewer people. The calls of a group's step go round its people.
    """
    step = policy.ladder[rung].step
    candidates = _candidates(tx, policy, step, when)
    able = [person for person in candidates if when.rest(person) is None]
    if not able:
        return None
    if _is_list(tx, policy, step):
        return able[min(step, len(able) - 1)]
    return _in_turn(candidates, policy.ladder[rung].nth, when)


def _in_turn(people: Sequence[Known], nth: int, when: When) -> Known:
    """The nth of those who do not rest, round and round; one of them does not.

    Who rests because of calls about this incident keeps the place, for else somebody after them would lose their turn.
    """
    circle = [person for person in people if not when.rests_anyway(person)]
    start = nth % len(circle)
    return next(person for person in [*circle[start:], *circle[:start]] if when.rest(person) is None)


def _candidates(tx: Transaction, policy: Policy, step: int, when: When) -> Sequence[Known]:
    """Who could be called in that step then, whatever their rules say."""
    target = policy.targets[step]
    found = on_call(tx) if target is None or duty.is_gone(tx, target) else duty.whom(tx, target, when.at)
    return [person for person in found if person.can_be_called]


def _is_list(tx: Transaction, policy: Policy, step: int) -> bool:
    target = policy.targets[step]
    return target is None or duty.is_gone(tx, target)


@dataclass(frozen=True, slots=True)
class Passed:
    """The steps that have nobody, with why, and the first rung after them that has somebody; None when none has."""

    skipped: Sequence[tuple[int, str]]
    to: int | None

    @property
    def why(self) -> str:
        return "; ".join(dict.fromkeys(why for _, why in self.skipped))


def passing_over(tx: Transaction, policy: Policy, rung: int, when: When) -> Passed:
    """From that rung, which has nobody then, upwards."""
    skipped: list[tuple[int, str]] = []
    for here in _steps(policy, rung):
        step = policy.ladder[here].step
        if responder_of(tx, policy, here, when) is not None:
            return Passed(skipped, here)
        skipped.append((step, _why_nobody(tx, policy, step, when)))
    return Passed(skipped, None)


def _why_nobody(tx: Transaction, policy: Policy, step: int, when: When) -> str:
    rests = [(person, when.rest(person)) for person in _candidates(tx, policy, step, when)]
    whys = [f"{person.name} {rest.why}" for person, rest in rests if rest is not None]
    return "; ".join(whys) or duty.why_nobody(tx, policy.targets[step], when.at)


def _steps(policy: Policy, rung: int) -> Iterator[int]:
    """That rung, and the first one of each step after it."""
    here: int | None = rung
    while here is not None:
        yield here
        here = policy.next_step(here)


def called_at(tx: Transaction, policy: Policy, rung: int, when: When) -> Known | None:
    """Whom that rung calls then, or the first one after it that has somebody."""
    to = passing_over(tx, policy, rung, when).to
    return None if to is None else responder_of(tx, policy, to, when)


def insisting(tx: Transaction, policy: Policy, rung: int, when: When) -> When:
    """Somebody is called then from that rung on, and if all rest, one of them is."""
    return when if passing_over(tx, policy, rung, when).to is not None else when.whatever_people_say


def wait(
    tx: Transaction, policy: Policy, rung: int, when: When, *, is_on_the_phone: Callable[[Known], bool]
) -> Rest | None:
    """Why the call of that rung waits, and until when it does: the person has just been called, or all rest.

    What can join a call that is on does not wait for the next one.
    """
    responder = responder_of(tx, policy, rung, when)
    if responder is not None:
        pause = when.pause(responder)
        joins = pause is not None and is_on_the_phone(responder)
        return None if pause is None or joins else replace(pause, why=f"{responder.name} {pause.why}")
    passed = passing_over(tx, policy, rung, when)
    steps = list(dict.fromkeys(policy.ladder[here].step for here in _steps(policy, rung)))
    rests = [when.rest(person) for step in steps for person in _candidates(tx, policy, step, when)]
    untils = [rest.until for rest in rests if rest is not None]
    if passed.to is not None or not untils:
        return None
    targets = [target for step in steps if (target := policy.targets[step]) is not None]
    changes = [change for target in targets if (change := duty.next_change(tx, target, when.at, min(untils)))]
    return Rest(min([*untils, *changes]), passed.why)
