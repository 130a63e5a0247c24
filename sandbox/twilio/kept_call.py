"""A call as it is written down: how it began, what was said and how it ended, but nothing that runs."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from sandbox.twilio.call import Call, now
from sandbox.twilio.instructions import Instructions
from sandbox.twilio.party import Party


@dataclass
class KeptCall:
    from_: str
    to: str
    direction: str
    instructions: Instructions
    parent: str | None
    sid: str
    status: str
    created: datetime
    answered: datetime | None
    ended: datetime | None
    answered_by: str | None
    errors: list[dict[str, Any]]
    said: list[dict[str, str]]
    callbacks_sent: int


_FIELDS = tuple(one.name for one in fields(KeptCall))
_KEPT = TypeAdapter(tuple[KeptCall, str])


def call_json(call: Call) -> str:
    kept = KeptCall(**{name: getattr(call, name) for name in _FIELDS})
    return _KEPT.dump_json((kept, call.party.pressed)).decode()


def read_call(text: str) -> tuple[Call, bool]:
    """The call, and whether it was cut off: one that was not over when the sandbox ended has failed."""
    kept, pressed = _KEPT.validate_json(text)
    call = Call(**{name: getattr(kept, name) for name in _FIELDS}, party=Party(pressed=pressed))
    cut_off = not call.over
    if cut_off:
        call.status, call.ended = "failed", now()
        call.say("system", "(the call was cut off)")
    return call, cut_off
