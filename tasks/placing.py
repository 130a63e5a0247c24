"""Placing a call that was written down: once, also when the answer to an earlier attempt was lost."""

from datetime import timedelta

from incidents import calls, claims, clock
from incidents.errors import TemporaryError
from incidents.models import Call
from incidents.summary import Summary
from integrations import twiml
from tasks.work import Work

CALLBACK_WITHIN = timedelta(seconds=20)
"""After a lost answer a call that was placed has shown itself by then, by a callback or in the provider's list."""
LOOK_AGAIN = timedelta(seconds=3)
CLOCKS_DIFFER = timedelta(seconds=2)


def place(work: Work, call: Call, summary: Summary, *, ring_for: timedelta) -> None:
    """Call the person, who hears the summary and chooses a key."""
    phone = work.providers.phone
    if phone is None:
        raise AssertionError("a call is planned only when there is a phone provider")
    address = f"{work.settings.public_url}/voice/page/{call.token}"
    sid = phone.call(
        to=call.to,
        twiml=twiml.page_call(summary, f"{address}/key"),
        status_url=f"{address}/status{twiml.AGAIN_ON_ERRORS}",
        ring_for=ring_for,
    )
    _placed(work, call, sid)


def stands(work: Work, call: Call) -> bool:
    """Whether the call that an earlier attempt planned was placed. Raises: TemporaryError while nobody can know."""
    if call.sid is not None:
        return True
    phone = work.providers.phone
    if work.claim.unsettled is None or phone is None:
        return False
    with work.store.begin() as tx:
        known = calls.known_sids(tx, to=call.to)
        age = clock.real(tx.session) - call.placed_real
    found = [
        placed.sid
        for placed in phone.find_calls(to=call.to, since=call.placed_real - CLOCKS_DIFFER)
        if placed.sid not in known
    ]
    if found:
        _placed(work, call, found[-1])
        return True
    if age < CALLBACK_WITHIN:
        raise TemporaryError("it is not known yet whether the call was placed", retry_after=LOOK_AGAIN)
    return False


def _placed(work: Work, call: Call, sid: str) -> None:
    """Whatever happened meanwhile, the call exists: note it. The job, if it is still ours, has done what it is for."""
    with work.store.begin() as tx:
        incident = work.incident(tx)
        row = tx.get(Call, call.id, lock=True)
        calls.placed(tx, incident, row, sid)
        claims.finish(tx, work.claim)
