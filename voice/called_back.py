"""Somebody calls back who was called: the same page and the same keys, and their PIN for what changes or tells more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from incidents import lifecycle, pins, reports, return_calls, timeline
from incidents.errors import NotFound
from incidents.models import Incident, Member, Page, ReturnCall
from incidents.people import Actor, Known
from incidents.pins import Try
from incidents.store import Store, Transaction
from incidents.summary import Summary, summarize_all
from integrations import prompts, twiml
from integrations.prompts import KEYS
from voice import pressing
from voice.on_the_line import Asked, asked_by
from voice.pressing import Press

PRIVATE = pressing.ACTS | {KEYS.details}
"""The number that calls proves nothing: these keys want the PIN."""


@dataclass(frozen=True, slots=True)
class Key:
    """`again` is the key before, which wants a second press."""

    call: str
    digit: str
    again: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A PIN was given, so that `key` counts. `n` is the place of this answer among those of the call."""

    key: Key
    pin: str = field(repr=False)
    n: int


@dataclass(frozen=True, slots=True)
class Back:
    """The call, locked; whose number it was when it came in; what they were offered, locked too."""

    call: ReturnCall
    member: Member
    asked: Sequence[Asked]


def offered(tx: Transaction, report: Incident, person: Known, *, call: str) -> list[Summary]:
    """What the person is offered to hear. `report` is what was opened when the hotline picked up."""
    pages = return_calls.offer(tx, report, person, sid=call)
    return summarize_all(tx, _incidents(tx, pages)) if pages else []


def taken(tx: Transaction, report: Incident, *, call: str, at: str) -> str | None:
    """The person wants what was offered, and reports nothing; None when nothing was. `at` is where the call goes on."""
    known = return_calls.of_call(tx, call)
    if known is None:
        return None
    incidents = _incidents(tx, return_calls.pages(tx, known))
    first, several = incidents[0], len(incidents) > 1
    about = ", ".join(f"#{incident.number}" for incident in incidents)
    reports.withdraw(tx, report, why=f"{report.reporter_name} called back about {about}, and reported nothing new.")
    if all(incident.status.is_over for incident in incidents):
        return twiml.said(prompts.all_taken() if several else prompts.over(first.number, first.status))
    summaries = summarize_all(tx, incidents)
    if several:
        return _menu(prompts.several(summaries), at)
    is_somebody_elses = first.acknowledged_by not in (None, report.reporter_name)
    before = f"{prompts.taken_meanwhile()} " if is_somebody_elses else ""
    return _menu(f"{before}{prompts.page(summaries[0])}", at)


def pressed(store: Store, key: Key, *, at: str) -> str:
    """What the person hears, after the commit. Raises: NotFound for a call in which nothing was offered."""
    with store.begin() as tx:
        back = _back(tx, key.call)
        if key.digit in PRIVATE and not return_calls.is_proved(back.call, back.member):
            return _ask_for_pin(tx, back, key, prompts.enter_pin(), at=at)
        return _heard(tx, back, key, at=at)


def answered(store: Store, answer: Answered, *, at: str) -> str:
    """As `pressed`, once the PIN was right. An answer counts once, however often it is delivered. Raises: NotFound."""
    key = answer.key
    with store.begin() as tx:
        call, member = _call(tx, key.call)
        tried = None
        if answer.pin and answer.n == call.answers + 1:
            call.answers += 1
            tried = pins.begin_try(tx, member)
    fits = isinstance(tried, Try) and pins.fits(tried.digest, answer.pin)
    with store.begin() as tx:
        back = _back(tx, key.call)
        if isinstance(tried, Try):
            if fits and pins.right(tx, back.member, tried):
                back.call.proved_at = tx.now
            elif tried.locks and not fits:
                _tell_of_lock(tx, back)
        if return_calls.is_proved(back.call, back.member):
            return _heard(tx, back, key, at=at)
        return _ask_for_pin(tx, back, key, prompts.wrong_pin() if answer.pin else prompts.enter_pin(), at=at)


def _incidents(tx: Transaction, pages: Sequence[Page]) -> list[Incident]:
    """In the order of the pages; to be read alone."""
    found = tx.session.scalars(tx.select(Incident).where(Incident.id.in_([page.incident_id for page in pages])))
    by_id = {incident.id: incident for incident in found}
    return [by_id[page.incident_id] for page in pages]


def _heard(tx: Transaction, back: Back, key: Key, *, at: str) -> str:
    if key.digit in PRIVATE and not return_calls.is_theirs(back.call, back.member):
        return twiml.said(prompts.not_yours())
    member = back.member
    by = Actor(member.name, via="phone", slack_user=member.slack_user, phone=member.phone, role=member.role)
    press = Press(by, back.asked, key.digit, key.again, since=back.call.begun_at)
    done = pressing.done(tx, press)
    if done is not None:
        return twiml.said(done)
    answer = pressing.asked(tx, press, at_first=True)
    return _menu(answer.text, at, **answer.kept)


def _ask_for_pin(tx: Transaction, back: Back, key: Key, text: str, *, at: str) -> str:
    """Whoever has none, or must wait, may still listen."""
    if not return_calls.is_theirs(back.call, back.member):
        return twiml.said(prompts.not_yours())
    menu = prompts.menu() if len(back.asked) == 1 else prompts.menu_for_all()
    if back.member.pin_set_at is None:
        return _menu(f"{prompts.no_pin()} {menu}", at)
    lock = pins.lock(tx, back.member)
    if lock is not None:
        return _menu(f"{prompts.pin_locked(lock.left)} {menu}", at)
    kept = {"key": key.digit, "n": str(back.call.answers + 1), **({"again": key.again} if key.again else {})}
    return twiml.asked_for_pin(text, then=f"{at}/pin?{urlencode(kept)}")


def _menu(text: str, at: str, **kept: str) -> str:
    address = f"{at}/key?{urlencode(kept)}" if kept else f"{at}/key"
    return twiml.said(text, then=address, silence=prompts.NO_KEY_OF_A_CALLER)


def _tell_of_lock(tx: Transaction, back: Back) -> None:
    """Somebody may be guessing: the person is told where the incident is worked on."""
    incident, who = back.asked[0].incident, back.member.name
    until = tx.now + pins.LOCKED_FOR
    timeline.write(tx, incident, "pin_locked", actor=who, until=until.isoformat())
    text = (
        f"{pins.MOST_WRONG} wrong PINs in a row were given by phone for {who}: none counts before {until:%H:%M} UTC. "
        "If that was somebody else, tell an admin, who can give another PIN (PUT /api/v1/members/…/pin)."
    )
    key = f"pin-{back.call.id}-{back.call.answers}"
    lifecycle.note(tx, incident, text, key=key, to=back.member.slack_user)


def _back(tx: Transaction, sid: str) -> Back:
    call, member = _call(tx, sid)
    return Back(call, member, asked_by(tx, return_calls.pages(tx, call)))


def _call(tx: Transaction, sid: str) -> tuple[ReturnCall, Member]:
    """The call, locked until the transaction ends."""
    known = return_calls.of_call(tx, sid)
    if known is None:
        raise NotFound("This call is not known here.")
    call = tx.get(ReturnCall, known.id, lock=True)
    return call, tx.get(Member, call.member_id)
