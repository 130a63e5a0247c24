"""Paging calls: what a key does, and what the call's own news mean for who is called next."""

from dataclasses import dataclass

from incidents import calls, lifecycle, paging, people, timeline
from incidents.errors import IncidentError, NotFound
from incidents.models import Call, Incident, Responder
from incidents.people import Actor
from incidents.store import Store, Transaction
from incidents.summary import summarize
from incidents.words import Status
from integrations import prompts, twiml
from integrations.prompts import KEYS

RINGING_OUT = frozenset({"busy", "no-answer"})
ANSWERED = frozenset({"in-progress", "completed"})
"""A call that was never answered does not end as completed; the word of the answer may come late or never."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """`digit` is empty when no key came; `again` is the key that was pressed before and wants a second press."""

    token: str
    sid: str
    digit: str
    again: str


def pressed(store: Store, key: Pressed, *, here: str) -> str:
    """What the person hears, after the commit. `here` is the address that gets the next key. Raises: NotFound."""
    with store.begin() as tx:
        incident, call = _call(tx, key.token, key.sid)
        call.answered_at = call.answered_at or tx.now
        call.digits += key.digit
        done = _done(tx, incident, call, key)
        if done is not None:
            return twiml.said(done)
        if key.digit == KEYS.resolve:
            return twiml.said(prompts.resolve_again(incident.number), then=f"{here}?again={KEYS.resolve}")
        return twiml.said(_told(tx, incident, key), then=here)


def _done(tx: Transaction, incident: Incident, call: Call, key: Pressed) -> str | None:
    """What a key has brought about, and the call ends; None for a key that only asks."""
    by = _person(tx, call)
    match key.digit:
        case KEYS.acknowledge:
            return _acknowledge(tx, incident, call, by)
        case KEYS.next_person:
            return _pass_on(tx, incident, call, by)
        case KEYS.resolve if key.again == KEYS.resolve:
            return _resolve(tx, incident, call, by)
    return None


def _told(tx: Transaction, incident: Incident, key: Pressed) -> str:
    match key.digit:
        case KEYS.repeat:
            return prompts.page(summarize(tx, incident))
        case KEYS.details:
            return prompts.details(summarize(tx, incident))
    return prompts.unknown_key()


def told(store: Store, *, token: str, sid: str, status: str, sequence: int) -> None:
    """A status callback: whoever was reached and took nothing passes the page to the next one. Raises: NotFound."""
    with store.begin() as tx:
        incident, call = _call(tx, token, sid)
        if not calls.heard(tx, incident, call, sid=sid, status=status, sequence=sequence):
            return
        if status in ANSWERED:
            call.answered_at = call.answered_at or tx.now
        if status in calls.FINAL:
            call.ended_at = tx.now
            _ended(tx, incident, call)


def _ended(tx: Transaction, incident: Incident, call: Call) -> None:
    timeline.write(
        tx, incident, "call_ended", actor=call.responder_name, status=call.status, answered=call.answered_at is not None
    )
    if incident.status is not Status.OPEN or call.status in RINGING_OUT:
        return
    if call.answered_at is not None:
        reason = f"{call.responder_name} answered and did not acknowledge"
    else:
        reason = f"{call.responder_name} cannot be reached"
    if call.status != "canceled" and paging.unanswered(tx, incident, call, reason=reason):
        lifecycle.card_due(tx, incident)


def _acknowledge(tx: Transaction, incident: Incident, call: Call, by: Actor) -> str:
    try:
        taken = lifecycle.acknowledge(tx, incident, by=by, call=call)
    except IncidentError:
        return prompts.over(incident.number, incident.status)
    if not taken.by_you:
        return prompts.already_acknowledged(taken.by, tx.now - taken.at)
    return prompts.acknowledged(incident.number)


def _pass_on(tx: Transaction, incident: Incident, call: Call, by: Actor) -> str:
    if incident.status.is_over:
        return prompts.over(incident.number, incident.status)
    if incident.acknowledged_by is not None and incident.acknowledged_by != by.name:
        at = incident.acknowledged_at or tx.now
        return prompts.already_acknowledged(incident.acknowledged_by, tx.now - at)
    if call.digits.count(KEYS.next_person) > 1:
        upcoming = paging.next_page(tx, incident)
        responder = upcoming[0] if upcoming else None
    else:
        responder = lifecycle.escalate(tx, incident, by=by, reason=f"{by.name} passed it on")
    return prompts.passed_on(responder.name) if responder else prompts.nobody_left()


def _resolve(tx: Transaction, incident: Incident, call: Call, by: Actor) -> str:
    if not lifecycle.resolve(tx, incident, by=by, call=call):
        return prompts.over(incident.number, incident.status)
    return prompts.resolved(incident.number)


def _call(tx: Transaction, token: str, sid: str) -> tuple[Incident, Call]:
    """The incident, locked first, and the call behind a token that is used by its own call only."""
    call = calls.by_token(tx, token)
    if call is None or not sid:
        raise NotFound("This call is not known here.")
    incident = tx.get(Incident, call.incident_id, lock=True)
    call = tx.get(Call, call.id, lock=True)
    if call.sid is not None and call.sid != sid:
        raise NotFound("This call is not known here.")
    calls.placed(tx, incident, call, sid)
    return incident, call


def _person(tx: Transaction, call: Call) -> Actor:
    responder = tx.get(Responder, call.responder_id)
    return people.Actor(responder.name, via="phone", slack_user=responder.slack_user, phone=call.to)
