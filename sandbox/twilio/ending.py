"""Redirect, Reject, Hangup: the verbs that leave a page or the call."""

from sandbox.twilio.page import Page
from sandbox.twilio.player import HungUp, Player
from sandbox.twilio.twiml import Verb

REJECTED_AS = {"busy": "busy", "rejected": "no-answer"}


async def redirect(player: Player, verb: Verb, page: Page) -> Page:
    """https://www.twilio.com/docs/voice/twiml/redirect."""
    return await player.open(page.address(verb.text), verb.get("method", "POST"), {})


async def reject(player: Player, verb: Verb, page: Page) -> None:
    """Only as the first verb does it keep an incoming call from being answered: see `incoming`."""
    await hangup(player, verb, page)


async def hangup(player: Player, verb: Verb, page: Page) -> None:
    player.call.ends_as = "completed"
    raise HungUp
