"""Conferences: rooms with a name (https://www.twilio.com/docs/voice/twiml/conference)."""

from sandbox.twilio.bridging import stay
from sandbox.twilio.call import now, rfc2822
from sandbox.twilio.page import Page
from sandbox.twilio.player import Player
from sandbox.twilio.refusal import CallError
from sandbox.twilio.room import Room
from sandbox.twilio.twiml import Verb
from sandbox.world import ACCOUNT_SID

LONGEST_STAY = 14400.0


async def confer(player: Player, verb: Verb, noun: Verb, page: Page) -> dict[str, str]:
    """Stay until the conference ends, the person leaves, or the time is over."""
    if not noun.text:
        raise CallError(13237, "Dial->Conference: Invalid conference name: it is missing", page.url)
    room = player.rooms.setdefault(noun.text, Room(noun.text))
    if noun.flag("startConferenceOnEnter", True) and not room.events:
        _tell(player, noun, page, room, "conference-start")
    _tell(player, noun, page, room, "participant-join")
    player.call.say("system", f"(conference {noun.text})")
    closes = noun.flag("endConferenceOnExit", False)
    limit = verb.seconds("timeLimit", LONGEST_STAY)
    star = verb.flag("hangupOnStar", False)
    await stay(player, room, limit, closes=closes, leaves_on_star=star, quiet=noun.flag("muted", False))
    _tell(player, noun, page, room, "participant-leave")
    if (room.closed or not room.inside) and player.rooms.get(noun.text) is room:
        del player.rooms[noun.text]
        _tell(player, noun, page, room, "conference-end")
    return {"DialCallStatus": "answered", "ConferenceSid": room.sid}


def _tell(player: Player, noun: Verb, page: Page, room: Room, event: str) -> None:
    room.events += 1
    callback = noun.attributes.get("statusCallback")
    if callback is None or event.split("-")[1] not in noun.get("statusCallbackEvent", "").split():
        return
    told = {
        "AccountSid": ACCOUNT_SID,
        "CallSid": player.call.sid,
        "ConferenceSid": room.sid,
        "FriendlyName": room.name,
        "StatusCallbackEvent": event,
        "SequenceNumber": str(room.events),
        "Timestamp": rfc2822(now()) or "",
    }
    player.sandbox.spawn(player.webhook.send(page.address(callback), noun.get("statusCallbackMethod", "POST"), told))
