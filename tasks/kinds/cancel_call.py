"""CANCEL_CALL: end a call that nobody needs to answer any more."""

import uuid

from incidents import calls
from incidents.models import Call
from tasks.work import Handler, Work


def cancel_call(work: Work) -> None:
    with work.store.begin() as tx:
        call = tx.get(Call, uuid.UUID(work.claim.key))
    if work.providers.phone is not None and call.sid is not None and call.status not in calls.FINAL:
        work.providers.phone.hang_up(call.sid)


handler = Handler(cancel_call)
