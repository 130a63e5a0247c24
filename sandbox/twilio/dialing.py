"""Dial: connect the call to another phone or to a conference (https://www.twilio.com/docs/voice/twiml/dial)."""

from sandbox.twilio.bridging import stay
from sandbox.twilio.call import Call
from sandbox.twilio.conference import confer
from sandbox.twilio.instructions import STATUS_EVENTS, Instructions
from sandbox.twilio.numbers import is_e164
from sandbox.twilio.page import Page
from sandbox.twilio.player import Player
from sandbox.twilio.refusal import CallError
from sandbox.twilio.room import Room
from sandbox.twilio.twiml import Verb

DIAL_SECONDS = 30.0
LONGEST_CALL = 14400.0


async def dial(player: Player, verb: Verb, page: Page) -> Page | None:
    conferences = [noun for noun in verb.inside if noun.name == "Conference"]
    if conferences:
        result = await confer(player, verb, conferences[0], page)
    else:
        result = await _call(player, verb, page)
    player.check()
    if "action" not in verb.attributes:
        return None
    return await player.open(page.address(verb.attributes["action"]), verb.get("method", "POST"), result)


async def _call(player: Player, verb: Verb, page: Page) -> dict[str, str]:
    """All numbers ring at once; the first to come into the room is connected, the others stop ringing."""
    nouns = [noun for noun in verb.inside if noun.name == "Number"] or [Verb("Number", {}, verb.text, ())]
    room = Room()
    legs = [_leg(player, verb, noun, page) for noun in nouns]
    for leg in legs:
        player.connect(leg, room)
    for leg in legs:
        leg.watchers.append(player.call.bell)
    await player.listen(lambda: bool(room.inside) or all(leg.over for leg in legs), LONGEST_CALL)
    taken = room.inside[0] if room.inside else None
    for leg in legs:
        if leg is not taken:
            leg.end("canceled")
    if taken is not None:
        limit = verb.seconds("timeLimit", LONGEST_CALL)
        await stay(player, room, limit, closes=True, leaves_on_star=verb.flag("hangupOnStar", False))
        taken.end("completed")
        await taken.bell.until(lambda: taken.over, 5)
    last = taken or legs[-1]
    return {
        "DialCallStatus": last.status if last.over else "completed",
        "DialCallSid": last.sid,
        "DialCallDuration": str(last.seconds),
        "DialBridged": str(taken is not None).lower(),
    }


def _leg(player: Player, verb: Verb, noun: Verb, page: Page) -> Call:
    """`url` of a Number is what its person hears before they are connected."""
    if not is_e164(noun.text):
        raise CallError(13224, f"Dial: Invalid phone number {noun.text!r}", page.url)
    events = frozenset(noun.get("statusCallbackEvent", "completed").split())
    callback = noun.attributes.get("statusCallback")
    url = noun.attributes.get("url")
    return Call(
        from_=verb.get("callerId", player.call.handset if player.call.direction == "inbound" else player.call.from_),
        to=noun.text,
        direction="outbound-dial",
        parent=player.call.sid,
        instructions=Instructions(
            url=page.address(url) if url else None,
            method=noun.get("method", "POST"),
            status_callback=page.address(callback) if callback else None,
            status_method=noun.get("statusCallbackMethod", "POST"),
            status_events=tuple(event for event in STATUS_EVENTS if event in events),
            ring_seconds=verb.seconds("timeout", DIAL_SECONDS),
        ),
    )
