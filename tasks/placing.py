"""Placing a call that was written down: once, also when the answer to an earlier attempt was lost."""

from dataclasses import dataclass
from datetime import timedelta

from incidents import calls, claims, clock, jobs, lifecycle
from incidents.claims import Held
from incidents.errors import TemporaryError
from incidents.models import Call, Incident
from incidents.store import Transaction
from incidents.summary import Summary
from incidents.terms import JobKind
from integrations import twiml
from tasks.work import Work

CALLBACK_WITHIN = timedelta(seconds=20)
"""After a lost answer a call that was placed has shown itself by then, by a callback or in the provider's list."""
LOOK_AGAIN = timedelta(seconds=3)
MOST_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """A call that is written down and not placed yet. `held` says how long it is ours to place."""

    call: Call
    summary: Summary
    ring_for: timedelta
    held: Held


def place(work: Work, planned: Planned) -> None:
    """Call the person, who hears the summary and chooses a key.

    Raises: ClaimLost when it came to that too late, or when somebody acknowledged while this process stood still.
    """
    phone = work.providers.phone
    if phone is None:
        raise AssertionError("a call is planned only when there is a phone provider")
    call = planned.call
    address = f"{work.settings.public_url}/voice/page/{call.token}"
    instructions = twiml.page_call(planned.summary, f"{address}/key")
    _still_ours(work, planned.held).check()
    sid = phone.call(
        to=call.to,
        twiml=instructions,
        status_url=f"{address}/status{twiml.AGAIN_ON_ERRORS}",
        ring_for=planned.ring_for,
    )
    _placed(work, call, sid)


def _still_ours(work: Work, held: Held) -> Held:
    """Look again when it took long from the plan to here. On a machine that is always late, somebody is called all
    the same.
    """
    for _ in range(MOST_LOOKS):
        if held.is_fresh:
            break
        with work.store.begin() as tx:
            held = claims.begin_effect(tx, work.claim)
    return held


def stands(work: Work, call: Call) -> bool:
    """Whether the call that an earlier attempt planned was placed. Raises: TemporaryError while nobody can know."""
    if call.sid is not None:
        return True
    phone = work.providers.phone
    if work.claim.unsettled is None or phone is None:
        return False
    # The list comes first: whoever placed a call in it had written that call down before.
    listed = phone.find_calls(to=call.to, since=call.placed_real - calls.CLOCKS_DIFFER)
    with work.store.begin() as tx:
        row = tx.get(Call, call.id, lock=True)
        incident = work.incident(tx)
        sid = row.sid or calls.surely_of(tx, row, [placed.sid for placed in reversed(listed)])
        if sid is not None:
            calls.placed(tx, incident, row, sid)
            _done(tx, incident, work)
            return True
        age = clock.real(tx.session) - call.placed_real
    if age < CALLBACK_WITHIN:
        raise TemporaryError("it is not known yet whether the call was placed", retry_after=LOOK_AGAIN)
    return False


def _placed(work: Work, call: Call, sid: str) -> None:
    """Whatever happened meanwhile, the call exists: note it. The job, if it is still ours, has done what it is for."""
    with work.store.begin() as tx:
        row = tx.get(Call, call.id, lock=True)
        incident = work.incident(tx)
        calls.placed(tx, incident, row, sid)
        _done(tx, incident, work)


def _done(tx: Transaction, incident: Incident, work: Work) -> None:
    """While it was owed, the card said that this call comes next."""
    claims.finish(tx, work.claim)
    if not jobs.waiting(tx, incident, JobKind.PAGE):
        lifecycle.card_due(tx, incident)
