"""CANCEL_CALL: end a call that nobody needs to answer any more."""

import uuid

from incidents import calls, pages
from incidents.models import Call
from tasks.work import Handler, Work


def cancel_call(work: Work) -> None:
    """Whoever took the last of its incidents ends it; before that it goes on for the others."""
    with work.store.begin() as tx:
        call = tx.get(Call, uuid.UUID(work.claim.key), lock=True)
        if work.providers.phone is None or call.sid is None or call.status in calls.FINAL or pages.any_wanted(tx, call):
            return
        call.ending_at = tx.now
    work.providers.phone.hang_up(call.sid)


handler = Handler(cancel_call)
