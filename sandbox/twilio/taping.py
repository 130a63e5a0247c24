"""Record: keep what the person says (https://www.twilio.com/docs/voice/twiml/record)."""

import asyncio
from dataclasses import dataclass

from sandbox.twilio.call import rfc2822
from sandbox.twilio.page import Page
from sandbox.twilio.party import KEYS
from sandbox.twilio.player import HungUp, Player
from sandbox.twilio.recordings import Recording
from sandbox.twilio.refusal import CallError
from sandbox.twilio.tones import WORD_SECONDS
from sandbox.twilio.twiml import Verb
from sandbox.world import ACCOUNT_SID

PROCESSING_SECONDS = 0.2
EVENTS = ("in-progress", "completed", "absent")
ANY_KEY = "1234567890*#"


@dataclass(frozen=True)
class Asked:
    silence: float
    words: int
    ends: frozenset[str]
    callback: str | None
    callback_method: str
    events: frozenset[str]


async def record(player: Player, verb: Verb, page: Page) -> Page | None:
    """An empty recording is absent, and the next verb follows; a hang-up still reaches the action, whose answer
    is not run."""
    asked = _asked(verb, page)
    action = page.address(verb.attributes.get("action"))
    recording = player.recordings.begin(player.call)
    if verb.flag("playBeep", True):
        player.call.say("system", "(beep)")
    _tell(player, recording, asked, "in-progress")
    key = await _tape(player, recording, asked)
    player.recordings.end(recording)
    _finish(player, recording, asked)
    gone = player.call.party.gone or player.call.ends_as is not None
    if not recording.sound:
        player.check()
        return None
    found = {
        "RecordingUrl": player.recordings.address(recording),
        "RecordingSid": recording.sid,
        "RecordingDuration": str(recording.seconds),
    }
    if gone or key:
        found["Digits"] = "hangup" if gone else key
    if gone:
        found["CallStatus"] = "completed"
        await player.webhook.send(action, verb.get("method", "POST"), player.call.parameters() | found)
        raise HungUp
    player.check()
    return await player.open(action, verb.get("method", "POST"), found)


async def _tape(player: Player, recording: Recording, asked: Asked) -> str:
    """Until silence, a finishing key, the longest length or a hang-up; the key, if it was one."""
    party = player.call.party
    words: list[str] = []
    while True:
        while party.words and len(words) < asked.words:
            words += party.words.popleft().split()
        over = words[asked.words :]
        recording.text = " ".join(words[: asked.words])
        if over:
            party.words.appendleft(" ".join(over))
        if len(words) >= asked.words:
            return ""
        if not await player.listen(lambda: bool(party.words or party.keys), asked.silence, "keys", "speech"):
            return ""
        while party.keys:
            key = party.keys.popleft()
            if key in asked.ends:
                return key
        if player.call.ends_as is not None or player.call.turned_to is not None:
            return ""
        if party.gone and not party.words:
            return ""


def _finish(player: Player, recording: Recording, asked: Asked) -> None:
    if not recording.sound:
        _tell(player, recording, asked, "absent")
        return

    async def process() -> None:
        await asyncio.sleep(PROCESSING_SECONDS)
        recording.status = "completed"
        player.sandbox.state.keep("twilio")
        _tell(player, recording, asked, "completed")

    player.sandbox.spawn(process())


def _tell(player: Player, recording: Recording, asked: Asked, event: str) -> None:
    """https://www.twilio.com/docs/voice/twiml/record#recordingstatuscallback."""
    if asked.callback is None or event not in asked.events:
        return
    told = {
        "AccountSid": ACCOUNT_SID,
        "CallSid": player.call.sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": player.recordings.address(recording),
        "RecordingStatus": event,
        "RecordingChannels": "1",
        "RecordingStartTime": rfc2822(recording.started) or "",
        "RecordingSource": "RecordVerb",
        "RecordingTrack": "inbound",
    }
    if event == "completed":
        told["RecordingDuration"] = str(recording.seconds)
    player.sandbox.spawn(player.webhook.send(asked.callback, asked.callback_method, told))


def _asked(verb: Verb, page: Page) -> Asked:
    ends = frozenset(verb.get("finishOnKey", ANY_KEY))
    if ends - KEYS:
        raise CallError(13613, f"Record: Invalid finishOnKey value {verb.get('finishOnKey', '')!r}")
    events = frozenset(verb.get("recordingStatusCallbackEvent", "completed").split())
    if events - set(EVENTS):
        raise CallError(13621, f"Record: Invalid recordingStatusCallbackEvent in {sorted(events)}")
    seconds = verb.seconds("maxLength", 3600)
    if seconds <= 1:
        raise CallError(13612, "Record: Invalid maxLength value")
    callback = verb.attributes.get("recordingStatusCallback")
    return Asked(
        silence=verb.seconds("timeout", 5),
        words=int(seconds / WORD_SECONDS),
        ends=ends,
        callback=page.address(callback) if callback else None,
        callback_method=verb.get("recordingStatusCallbackMethod", "POST"),
        events=events,
    )
