"""The life of a call to the product's number."""

import asyncio

from sandbox.twilio.call import now
from sandbox.twilio.ending import REJECTED_AS
from sandbox.twilio.handset import Handset
from sandbox.twilio.outgoing import finish
from sandbox.twilio.page import Page
from sandbox.twilio.player import HungUp, Player


async def run_incoming(player: Player, handset: Handset) -> None:
    """The first request says CallStatus=ringing; the call is answered when TwiML came that does not begin with
    Reject (https://www.twilio.com/docs/voice/twiml/reject)."""
    call = player.call
    rejected = ""

    def look(page: Page | None) -> None:
        nonlocal rejected
        if page and page.verbs and page.verbs[0].name == "Reject":
            rejected = REJECTED_AS.get(page.verbs[0].get("reason", "rejected"), "no-answer")
            raise HungUp
        call.status = "in-progress"
        call.answered = now()

    try:
        async with asyncio.timeout(call.instructions.limit_seconds):
            await player.run(call.instructions, seen=look)
    except TimeoutError:
        call.say("system", "(the call was cut off)")
    if rejected:
        call.say("system", f"({rejected})")
    finish(player, handset, rejected or "completed")
