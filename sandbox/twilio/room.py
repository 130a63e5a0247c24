"""Calls that hear each other: two that a Dial connects, or a conference."""

from dataclasses import dataclass, field

from sandbox.twilio.call import Call, new_sid


@dataclass
class Room:
    """`closed` once somebody left whose leaving ends it."""

    name: str = ""
    sid: str = field(default_factory=lambda: new_sid("CF"))
    inside: list[Call] = field(default_factory=list)
    closed: bool = False
    events: int = 0

    def enter(self, call: Call) -> None:
        self.inside.append(call)
        call.changed()
        self.ring()

    def leave(self, call: Call, *, closes: bool) -> None:
        if call in self.inside:
            self.inside.remove(call)
        self.closed = self.closed or closes
        self.ring()

    def pass_on(self, speaker: Call, text: str) -> None:
        for call in self.inside:
            if call is not speaker:
                call.say("person", text)

    def ring(self) -> None:
        for call in self.inside:
            call.bell.ring()
