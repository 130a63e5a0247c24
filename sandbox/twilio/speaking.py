"""Say, Play, Pause: what the person hears. Words take no time here; they are in the captions at once."""

from sandbox.twilio.page import Page
from sandbox.twilio.player import Player
from sandbox.twilio.refusal import CallError
from sandbox.twilio.twiml import Verb

LONGEST_TEXT = 4096


async def say(player: Player, verb: Verb, page: Page) -> None:
    """https://www.twilio.com/docs/voice/twiml/say; an empty text is an error there too."""
    if not verb.text:
        raise CallError(13520, "Say: Invalid text: it is empty", page.url)
    if len(verb.text) > LONGEST_TEXT:
        raise CallError(13520, f"Say: Invalid text: more than {LONGEST_TEXT} characters", page.url)
    for _ in range(min(int(verb.seconds("loop", 1)), 10) or 1):
        player.call.say("product", verb.text)


async def play(player: Player, verb: Verb, page: Page) -> None:
    """https://www.twilio.com/docs/voice/twiml/play: Twilio fetches the sound itself."""
    if "digits" in verb.attributes:
        player.call.say("product", f"(tones {verb.attributes['digits']})")
        return
    url = page.address(verb.text)
    recording = player.recordings.find(url.rsplit("/", 1)[-1].split(".")[0])
    if recording is not None:
        player.call.say("product", f"(recording) {recording.text}")
        return
    heard = await player.webhook.send(url, "GET", {})
    player.check()
    if not heard.ok:
        raise CallError(11200, f"HTTP retrieval failure: {url} answered {heard.status}", url)
    if not heard.media_type.startswith("audio/"):
        raise CallError(12300, f"Invalid Content-Type: {heard.media_type}", url)
    player.call.say("product", f"(plays {url})")


async def pause(player: Player, verb: Verb, page: Page) -> None:
    """Real seconds; keys pressed meanwhile are lost, as on Twilio."""
    await player.wait(lambda: False, verb.seconds("length", 1))
