"""What a key does to the incidents of which a person was just told, whoever of us has called the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from incidents import lifecycle, paging
from incidents.errors import IncidentError
from incidents.models import Call, Page
from incidents.people import Actor, Known
from incidents.roles import Role
from incidents.store import Transaction
from incidents.summary import summarize_all
from integrations import prompts
from integrations.prompts import KEYS
from voice.on_the_line import Asked, Line

ACTS = frozenset({KEYS.acknowledge, KEYS.next_person, KEYS.resolve})


@dataclass(frozen=True, slots=True)
class Press:
    """A key of that person. `digit` is empty when none came; `again` is the key before, which wants a second press.

    `line` is the paging call in which it came; None when the person has called us, at `since`: what they passed on
    before that they may pass on once more.
    """

    by: Actor
    asked: Sequence[Asked]
    digit: str
    again: str
    line: Line | None = None
    since: datetime | None = None

    @property
    def call(self) -> Call | None:
        return None if self.line is None else self.line.call

    def has_passed_on(self, page: Page) -> bool:
        return page.passed_on_at is not None and (self.since is None or page.passed_on_at >= self.since)


@dataclass(frozen=True, slots=True)
class Answer:
    """What asks for the next key. `kept` goes with it."""

    text: str
    kept: Mapping[str, str] = field(default_factory=dict)


def done(tx: Transaction, press: Press) -> str | None:
    """What the key has brought about; None for a key that only asks. The incidents must be locked."""
    if press.digit in ACTS and (press.by.role is None or not press.by.role.may(Role.RESPONDER)):
        return prompts.not_allowed()
    do: Callable[[Transaction, Press, Asked], str]
    match press.digit:
        case KEYS.acknowledge if len(press.asked) > 1:
            return _acknowledge_all(tx, press)
        case KEYS.next_person if len(press.asked) > 1:
            return _pass_all_on(tx, press)
        case KEYS.acknowledge:
            do = _acknowledge
        case KEYS.next_person:
            do = _pass_on
        case KEYS.resolve if press.again == KEYS.resolve and len(press.asked) == 1:
            do = _resolve
        case _:
            return None
    return do(tx, press, press.asked[0])


def asked(tx: Transaction, press: Press, *, at_first: bool) -> Answer:
    """What the person hears after a key that only asks. `at_first`: of incidents that the call began with."""
    several = len(press.asked) > 1
    if press.digit == KEYS.resolve and not several:
        return Answer(prompts.resolve_again(press.asked[0].incident.number), {"again": KEYS.resolve})
    summaries = summarize_all(tx, [each.incident for each in press.asked])
    match press.digit:
        case KEYS.repeat if at_first:
            return Answer(prompts.several(summaries) if several else prompts.page(summaries[0]))
        case KEYS.repeat:
            return Answer(prompts.further(summaries))
        case KEYS.details:
            return Answer(prompts.details_of_all(summaries) if several else prompts.details(summaries[0]))
        case KEYS.resolve:
            return Answer(prompts.resolve_one_by_one())
    return Answer(prompts.unknown_key_for_all() if several else prompts.unknown_key())


def _acknowledge(tx: Transaction, press: Press, asked: Asked) -> str:
    incident = asked.incident
    try:
        taken = lifecycle.acknowledge(tx, incident, by=press.by, call=press.call)
    except IncidentError:
        return prompts.over(incident.number, incident.status)
    if not taken.by_you:
        return prompts.already_acknowledged(taken.by, tx.now - taken.at)
    return prompts.acknowledged(incident.number)


def _acknowledge_all(tx: Transaction, press: Press) -> str:
    """Those that somebody else has, or that are over, stay as they are."""
    yours = [
        each.incident.number
        for each in press.asked
        if not each.incident.status.is_over
        and lifecycle.acknowledge(tx, each.incident, by=press.by, call=press.call).by_you
    ]
    return prompts.acknowledged(*yours) if yours else prompts.all_taken()


def _pass_on(tx: Transaction, press: Press, asked: Asked) -> str:
    incident = asked.incident
    if incident.status.is_over:
        return prompts.over(incident.number, incident.status)
    if incident.acknowledged_by is not None and incident.acknowledged_by != press.by.name:
        at = incident.acknowledged_at or tx.now
        return prompts.already_acknowledged(incident.acknowledged_by, tx.now - at)
    responder = _next_person(tx, press, asked)
    return prompts.passed_on(responder.name) if responder else prompts.nobody_left()


def _pass_all_on(tx: Transaction, press: Press) -> str:
    free = [
        each
        for each in press.asked
        if not each.incident.status.is_over and each.incident.acknowledged_by in (None, press.by.name)
    ]
    if not free:
        return prompts.all_taken()
    responders = [_next_person(tx, press, each) for each in free]
    called = next((responder for responder in responders if responder is not None), None)
    return prompts.passed_on(called.name) if called else prompts.nobody_left()


def _next_person(tx: Transaction, press: Press, asked: Asked) -> Known | None:
    """Who is called now; passed on once, however often the key is pressed in this round.

    What asks for the same incident and was not said yet is passed on with it.
    """
    if press.has_passed_on(asked.page):
        upcoming = paging.next_page(tx, asked.incident)
        return upcoming[0] if upcoming else None
    unsaid = [] if press.line is None else press.line.unsaid(asked.incident)
    for page in (asked.page, *unsaid):
        page.passed_on_at = tx.now
    return lifecycle.escalate(tx, asked.incident, by=press.by, reason=f"{press.by.name} passed it on")


def _resolve(tx: Transaction, press: Press, asked: Asked) -> str:
    incident = asked.incident
    if not lifecycle.resolve(tx, incident, by=press.by, call=press.call):
        return prompts.over(incident.number, incident.status)
    return prompts.resolved(incident.number)
