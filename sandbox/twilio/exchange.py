"""The phone exchange: handsets, calls, conferences, and the tasks that run them."""

import asyncio

from sandbox.core import Sandbox
from sandbox.twilio.bridging import stay
from sandbox.twilio.call import Call
from sandbox.twilio.handset import Handset, owner_of
from sandbox.twilio.incoming import run_incoming
from sandbox.twilio.instructions import Instructions
from sandbox.twilio.outgoing import run_outgoing
from sandbox.twilio.player import Player
from sandbox.twilio.progress import tell
from sandbox.twilio.recordings import Recordings
from sandbox.twilio.room import Room
from sandbox.twilio.texts import ON_THE_WAY, Text, deliver
from sandbox.twilio.verbs import VERBS
from sandbox.world import ANYBODY, HOTLINE, PEOPLE

BEGIN_SECONDS = 0.05


class Exchange:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.recordings = Recordings(f"{sandbox.address}/twilio", sandbox.spoken)
        self.calls: dict[str, Call] = {}
        self.texts: dict[str, Text] = {}
        self._handsets: dict[str, Handset] = {}
        self._rooms: dict[str, Room] = {}
        self._cut_off: list[Call] = []
        self.reset()

    def reset(self) -> None:
        self.recordings.clear()
        self.calls.clear()
        self.texts.clear()
        self._rooms.clear()
        self._cut_off.clear()
        self._handsets = {}
        for number in [person.phone for person in PEOPLE if person.phone] + [ANYBODY]:
            self.handset(number)

    def handset(self, number: str) -> Handset:
        """Every number seen has a phone."""
        return self._handsets.setdefault(number, Handset(number, owner_of(number)))

    def handsets(self) -> list[Handset]:
        return list(self._handsets.values())

    def restore_calls(self, kept: list[tuple[Call, bool]]) -> None:
        """With each, whether it was cut off; its status callback follows with `tell_of_cut_off`."""
        calls = sorted((call for call, _ in kept), key=lambda call: call.created)
        self.calls.update({call.sid: call for call in calls})
        for call in sorted(calls, key=lambda call: call.ended or call.created):
            self.handset(call.handset).history.append(call)
        self._cut_off = [call for call, cut_off in kept if cut_off]

    def restore_texts(self, texts: list[Text]) -> None:
        for text in sorted(texts, key=lambda text: text.created):
            self.texts[text.sid] = text
            if text.status in ("received", "delivered"):
                self.handset(text.from_ if text.direction == "inbound" else text.to).texts.append(text.shown())

    def restore_handset(self, number: str, line: str, stopped: bool, last: str | None) -> None:
        handset = self.handset(number)
        handset.line, handset.stopped, handset.last = line, stopped, self.calls[last] if last else None

    def go_on(self) -> None:
        """After a restart: who placed a call that was cut off is told, and texts that were on the way arrive."""
        for call in self._cut_off:
            tell(self.sandbox, call, "completed")
        self._cut_off.clear()
        for text in [one for one in self.texts.values() if one.status in ON_THE_WAY]:
            self.sandbox.spawn(deliver(self.sandbox, text, self.handset(text.to)))

    def place(self, from_: str, to: str, instructions: Instructions) -> Call:
        """An outgoing call; it begins to ring in the background."""
        call = Call(from_, to, "outbound-api", instructions)
        self._begin(call)
        return call

    def call_hotline(self, handset: Handset) -> Call:
        """A call from a phone to the product's number."""
        told = Instructions(
            url=f"{self.sandbox.product}/voice/incoming",
            status_callback=f"{self.sandbox.product}/voice/status",
        )
        call = Call(handset.number, HOTLINE, "inbound", told, status="ringing")
        call.party.picked_up = True
        self.calls[call.sid] = call
        handset.takes(call)
        self.sandbox.spawn(run_incoming(self._player(call), handset))
        return call

    def _begin(self, call: Call, room: Room | None = None) -> None:
        self.calls[call.sid] = call
        self.sandbox.spawn(self._ring(call, room))

    async def _ring(self, call: Call, room: Room | None) -> None:
        await asyncio.sleep(BEGIN_SECONDS)
        player = self._player(call)

        async def bridge() -> None:
            if room is not None and not room.inside:
                await stay(player, room, call.instructions.limit_seconds, closes=True)

        await run_outgoing(player, self.handset(call.to), bridge)

    def _player(self, call: Call) -> Player:
        return Player(call, self.sandbox, self.recordings, self._rooms, VERBS, self._begin)
