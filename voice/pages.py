"""Paging calls: a key is taken once, for the incidents of which the person was just told."""

from dataclasses import dataclass
from urllib.parse import urlencode

from incidents.errors import NotFound
from incidents.models import Call, Member
from incidents.people import Actor
from incidents.store import Store, Transaction
from incidents.summary import summarize_all
from integrations import prompts, twiml
from voice import pressing
from voice.on_the_line import Line, line
from voice.pressing import Press

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
        press = Press(_person(tx, on.call), asked, key.digit, key.again, on)
        done = pressing.done(tx, press)
        if done is not None:
            return _and_then(tx, on, key, done, here=here)
        answer = pressing.asked(tx, press, at_first=key.round == FIRST)
        return twiml.said(answer.text, then=_at(here, key.round, **answer.kept))


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


def _person(tx: Transaction, call: Call) -> Actor:
    """Whose phone it is, and what they may do now: that may have changed since it began to ring."""
    who = tx.get(Member, call.responder_id)
    role = who.role if who.removed_at is None else None
    return Actor(who.name, via="phone", slack_user=who.slack_user, phone=call.to, role=role)


def _at(here: str, told: int, **more: str) -> str:
    """The address of the next key: it says what the person will have been told of by then."""
    kept = {**more, **({"round": str(told)} if told > FIRST else {})}
    return f"{here}?{urlencode(kept)}" if kept else here
