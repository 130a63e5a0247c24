"""The life of a call that the product places: queued, ringing, answered or not, over."""

import asyncio
from collections.abc import Awaitable, Callable

from sandbox.twilio.call import Call, now
from sandbox.twilio.detection import detect
from sandbox.twilio.handset import Handset
from sandbox.twilio.player import Player
from sandbox.twilio.progress import tell
from sandbox.world import HOTLINE

MACHINE_RINGS = 2.0
MACHINE_SECONDS = 60.0


async def run_outgoing(player: Player, handset: Handset, bridge: Callable[[], Awaitable[None]]) -> None:
    """`bridge` is where an answered call goes after its TwiML: into the room of the call that dialed it."""
    call = player.call
    call.status = "initiated"
    tell(player.sandbox, call, "initiated")
    met = _meets(call, handset)
    if met is None:
        handset.takes(call)
        met = await _ring(player, handset)
    if met is None:
        met = await _talk(player, bridge)
    finish(player, handset, met)


def finish(player: Player, handset: Handset, status: str) -> None:
    call = player.call
    call.ended = now()
    call.status = status
    call.party.stops_to_wait()
    handset.lays_down(call)
    player.sandbox.state.keep("twilio")
    tell(player.sandbox, call, "completed")
    call.changed()


def _meets(call: Call, handset: Handset) -> str | None:
    """The final status of a call that cannot even ring. The product's own number is busy with calling."""
    if call.ends_as is not None:
        return "canceled"
    if handset.line == "unreachable":
        return "failed"
    if handset.line == "busy" or handset.call is not None or call.to == HOTLINE:
        return "busy"
    return None


async def _ring(player: Player, handset: Handset) -> str | None:
    """None when somebody, or a machine, picked up."""
    call = player.call
    call.status = "ringing"
    tell(player.sandbox, call, "ringing")
    call.changed()
    seconds = call.instructions.ring_seconds
    machine = handset.line == "voicemail" and seconds > MACHINE_RINGS
    party = call.party
    await call.bell.until(
        lambda: party.picked_up or party.declined or call.ends_as is not None, MACHINE_RINGS if machine else seconds
    )
    if call.ends_as is not None:
        return "canceled"
    if party.declined:
        return "busy"
    if machine:
        party.picked_up = party.machine = True
    return None if party.picked_up else "no-answer"


async def _talk(player: Player, bridge: Callable[[], Awaitable[None]]) -> str:
    call = player.call
    call.status = "in-progress"
    call.answered = now()
    if call.party.machine:
        call.say("person", "(voicemail) Nobody can take your call. Please leave a message after the tone.")
    tell(player.sandbox, call, "answered")
    detect(player)
    limit = MACHINE_SECONDS if call.party.machine else call.instructions.limit_seconds
    try:
        async with asyncio.timeout(limit):
            await player.run(call.instructions)
            if not call.party.gone and call.ends_as is None:
                await bridge()
    except TimeoutError:
        call.say("system", "(the call was cut off)")
    return "completed"
