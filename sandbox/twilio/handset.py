"""A phone that a person plays with: its line, its running call, and what it remembers."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.twilio.call import Call
from sandbox.world import ANYBODY, PEOPLE

LINES = ("free", "busy", "unreachable", "voicemail")


@dataclass
class Handset:
    """`line` says how the next calls meet it; `said` is what the last call heard."""

    number: str
    owner: str
    line: str = "free"
    stopped: bool = False
    call: Call | None = None
    last: Call | None = None
    history: list[Call] = field(default_factory=list)
    texts: list[dict[str, str]] = field(default_factory=list)

    def takes(self, call: Call) -> None:
        self.call = self.last = call

    def lays_down(self, call: Call) -> None:
        if self.call is call:
            self.call = None
        self.history.append(call)

    def state(self) -> str:
        if self.call is None:
            return "idle"
        return "in-call" if self.call.answered or self.call.direction == "inbound" else "ringing"

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "owner": self.owner,
            "line": self.line,
            "state": self.state(),
            "call": _call(self.call) if self.call else None,
            "said": list(self.last.said) if self.last else [],
            "texts": list(self.texts),
            "history": [_ended(call) for call in self.history],
        }


def owner_of(number: str) -> str:
    names = {person.phone: person.real_name for person in PEOPLE if person.phone} | {ANYBODY: "anybody"}
    return names.get(number, "")


def _call(call: Call) -> dict[str, Any]:
    return {
        "sid": call.sid,
        "direction": "inbound" if call.direction == "inbound" else "outbound",
        "status": call.status,
        "from": call.from_,
        "to": call.to,
        "started": call.created.isoformat(),
        "answered_by": call.answered_by,
        "digits": call.party.pressed,
        "hears": sorted(call.party.hears),
        "errors": call.errors,
    }


def _ended(call: Call) -> dict[str, Any]:
    ended = call.ended.isoformat() if call.ended else None
    return _call(call) | {"duration": call.seconds, "ended": ended, "said": list(call.said)}
