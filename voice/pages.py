"""Paging calls: what a key does to the incidents of which the person was just told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from incidents import lifecycle, paging
from incidents.errors import IncidentError, NotFound
from incidents.models import Call, Member
from incidents.people import Actor, Known
from incidents.roles import Role
from incidents.store import Store, Transaction
from incidents.summary import summarize_all
from integrations import prompts, twiml
from integrations.prompts import KEYS
from voice.on_the_line import Asked, Line, line

ACTS = frozenset({KEYS.acknowledge, KEYS.next_person, KEYS.resolve})
FIRST = 1
"""The round that the call begins with: what is said before any key."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """`digit` is empty when no key came; `again` is the key that was pressed before and wants a second press.

    `round` says what the person had been told of: a press that is delivered again later acts on nothing newer.
    """

    token: str
    sid: str
    digit: str
    again: str
    round: int = FIRST


def pressed(store: Store, key: Pressed, *, here: str) -> str:
    """What the person hears, after the commit. `here` is the address that gets the next key. Raises: NotFound."""
    with store.begin() as tx:
        on = line(tx, token=key.token, sid=key.sid)
        on.call.answered_at = on.call.answered_at or tx.now
        on.call.digits += key.digit
        asked = on.said_in(key.round)
        if not asked:
            raise NotFound(f"Nobody was told of anything in round {key.round} of this call.")
        done = _done(tx, on, asked, key)
        if done is not None:
            return _and_then(tx, on, key, done, here=here)
        if key.digit == KEYS.resolve and len(asked) == 1:
            number = asked[0].incident.number
            return twiml.said(prompts.resolve_again(number), then=_at(here, key.round, again=KEYS.resolve))
        return twiml.said(_told(tx, asked, key), then=_at(here, key.round))


def _done(tx: Transaction, on: Line, asked: Sequence[Asked], key: Pressed) -> str | None:
    """What a key has brought about; None for a key that only asks."""
    by = _person(tx, on.call)
    if key.digit in ACTS and (by.role is None or not by.role.may(Role.RESPONDER)):
        return prompts.not_allowed()
    do: Callable[[Transaction, Line, Asked, Actor], str]
    match key.digit:
        case KEYS.acknowledge if len(asked) > 1:
            return _acknowledge_all(tx, on, asked, by)
        case KEYS.next_person if len(asked) > 1:
            return _pass_all_on(tx, on, asked, by)
        case KEYS.acknowledge:
            do = _acknowledge
        case KEYS.next_person:
            do = _pass_on
        case KEYS.resolve if key.again == KEYS.resolve and len(asked) == 1:
            do = _resolve
        case _:
            return None
    return do(tx, on, asked[0], by)


def _and_then(tx: Transaction, on: Line, key: Pressed, done: str, *, here: str) -> str:
    """The call ends, unless other incidents came to it meanwhile: then the person is told of them next.

    A press that is delivered once more gets the same answer again, and not what came after it.
    """
    if key.round == on.call.round and (unsaid := on.unsaid()):
        on.call.round += 1
        for page in unsaid:
            page.said = on.call.round
    further = on.said_in(on.call.round) if on.call.round > key.round else []
    if not further:
        return twiml.said(done)
    summaries = summarize_all(tx, [each.incident for each in further])
    return twiml.said(f"{done} {prompts.further(summaries)}", then=_at(here, on.call.round))


def _told(tx: Transaction, asked: Sequence[Asked], key: Pressed) -> str:
    summaries = summarize_all(tx, [each.incident for each in asked])
    match key.digit:
        case KEYS.repeat if len(asked) > 1 or key.round > FIRST:
            return prompts.further(summaries)
        case KEYS.repeat:
            return prompts.page(summaries[0])
        case KEYS.details if len(asked) > 1:
            return prompts.details_of_all(summaries)
        case KEYS.details:
            return prompts.details(summaries[0])
        case KEYS.resolve if len(asked) > 1:
            return prompts.resolve_one_by_one()
    return prompts.unknown_key() if len(asked) == 1 else prompts.unknown_key_for_all()


def _acknowledge(tx: Transaction, on: Line, asked: Asked, by: Actor) -> str:
    incident = asked.incident
    try:
        taken = lifecycle.acknowledge(tx, incident, by=by, call=on.call)
    except IncidentError:
        return prompts.over(incident.number, incident.status)
    if not taken.by_you:
        return prompts.already_acknowledged(taken.by, tx.now - taken.at)
    return prompts.acknowledged(incident.number)


def _acknowledge_all(tx: Transaction, on: Line, asked: Sequence[Asked], by: Actor) -> str:
    """Those that somebody else has, or that are over, stay as they are."""
    yours = [
        each.incident.number
        for each in asked
        if not each.incident.status.is_over and lifecycle.acknowledge(tx, each.incident, by=by, call=on.call).by_you
    ]
    return prompts.acknowledged(*yours) if yours else prompts.all_taken()


def _pass_on(tx: Transaction, on: Line, asked: Asked, by: Actor) -> str:
    incident = asked.incident
    if incident.status.is_over:
        return prompts.over(incident.number, incident.status)
    if incident.acknowledged_by is not None and incident.acknowledged_by != by.name:
        at = incident.acknowledged_at or tx.now
        return prompts.already_acknowledged(incident.acknowledged_by, tx.now - at)
    responder = _next_person(tx, on, asked, by)
    return prompts.passed_on(responder.name) if responder else prompts.nobody_left()


def _pass_all_on(tx: Transaction, on: Line, asked: Sequence[Asked], by: Actor) -> str:
    free = [
        each for each in asked if not each.incident.status.is_over and each.incident.acknowledged_by in (None, by.name)
    ]
    if not free:
        return prompts.all_taken()
    responders = [_next_person(tx, on, each, by) for each in free]
    called = next((responder for responder in responders if responder is not None), None)
    return prompts.passed_on(called.name) if called else prompts.nobody_left()


def _next_person(tx: Transaction, on: Line, asked: Asked, by: Actor) -> Known | None:
    """Who is called now; passed on once, however often the key is pressed in this round.

    What asks for the same incident and was not said yet is passed on with it.
    """
    if asked.page.passed_on_at is not None:
        upcoming = paging.next_page(tx, asked.incident)
        return upcoming[0] if upcoming else None
    for page in (asked.page, *on.unsaid(asked.incident)):
        page.passed_on_at = tx.now
    return lifecycle.escalate(tx, asked.incident, by=by, reason=f"{by.name} passed it on")


def _resolve(tx: Transaction, on: Line, asked: Asked, by: Actor) -> str:
    incident = asked.incident
    if not lifecycle.resolve(tx, incident, by=by, call=on.call):
        return prompts.over(incident.number, incident.status)
    return prompts.resolved(incident.number)


def _person(tx: Transaction, call: Call) -> Actor:
    """Whose phone it is, and what they may do now: that may have changed since it began to ring."""
    who = tx.get(Member, call.responder_id)
    role = who.role if who.removed_at is None else None
    return Actor(who.name, via="phone", slack_user=who.slack_user, phone=call.to, role=role)


def _at(here: str, told: int, **more: str) -> str:
    """The address of the next key: it says what the person will have been told of by then."""
    kept = {**more, **({"round": str(told)} if told > FIRST else {})}
    return f"{here}?{urlencode(kept)}" if kept else here
