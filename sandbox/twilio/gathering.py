"""Gather: wait for keys, for words, or for both (https://www.twilio.com/docs/voice/twiml/gather)."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.twilio.page import Page
from sandbox.twilio.party import KEYS
from sandbox.twilio.player import Player
from sandbox.twilio.refusal import CallError
from sandbox.twilio.speaking import play, say
from sandbox.twilio.twiml import Verb

CONFIDENCE = "0.93"
EARLY_SPEECH_SECONDS = 1.0
_INSIDE = {"Say": say, "Play": play}


@dataclass(frozen=True)
class Asked:
    """`ends` is the key that submits, which works only after another key was pressed."""

    keys: bool
    speech: bool
    most: int | None
    ends: str
    seconds: float
    speech_seconds: float

    @property
    def hears(self) -> list[str]:
        return [kind for kind, wanted in (("keys", self.keys), ("speech", self.speech)) if wanted]


async def gather(player: Player, verb: Verb, page: Page) -> Page | None:
    """Keys that came while the prompt was spoken count. Without input the next verb follows."""
    asked = _asked(verb)
    for prompt in verb.inside:
        if prompt.name == "Pause":
            await player.wait(lambda: _answers(player, asked), prompt.seconds("length", 1), *asked.hears)
        elif not _answers(player, asked):
            await _INSIDE[prompt.name](player, prompt, page)
    digits = await _keys(player, asked)
    player.call.party.keys.clear()
    if digits:
        found = {"Digits": digits}
    elif asked.speech and player.call.party.words:
        found = {"SpeechResult": await _words(player, asked), "Confidence": CONFIDENCE}
    elif verb.flag("actionOnEmptyResult", False):
        found = {"Digits": ""}
    else:
        return None
    return await player.open(page.address(verb.attributes.get("action")), verb.get("method", "POST"), found)


async def _keys(player: Player, asked: Asked) -> str:
    party = player.call.party
    digits = ""
    while asked.most is None or len(digits) < asked.most:
        hurried = _talks_over(player, asked)
        seconds = min(asked.seconds, EARLY_SPEECH_SECONDS) if hurried else asked.seconds
        came = await player.wait(_news(player, asked, hurried), seconds, *asked.hears)
        if not came or (asked.speech and party.words and not party.keys):
            break
        key = party.keys.popleft() if party.keys else ""
        if key == asked.ends and digits:
            break
        if key != asked.ends:
            digits += key
    return digits


def _answers(player: Player, asked: Asked) -> bool:
    party = player.call.party
    return bool(asked.keys and party.keys) or bool(asked.speech and party.words)


def _news(player: Player, asked: Asked, hurried: bool) -> Callable[[], bool]:
    return lambda: _answers(player, asked) or (not hurried and _talks_over(player, asked))


def _talks_over(player: Player, asked: Asked) -> bool:
    """A caller who begins to speak over a menu of keys is not made to wait for its end: the tone comes next."""
    return player.call.direction == "inbound" and bool(player.call.party.words) and not asked.speech


async def _words(player: Player, asked: Asked) -> str:
    """Everything said until there is silence."""
    party = player.call.party
    said: list[str] = []
    while party.words:
        said.append(party.words.popleft())
        await player.wait(lambda: bool(party.words), asked.speech_seconds, "speech")
    return " ".join(said)


def _asked(verb: Verb) -> Asked:
    kinds = verb.get("input", "dtmf").split()
    if not kinds or set(kinds) - {"dtmf", "speech"}:
        raise CallError(12200, f"Schema validation: input of <Gather> cannot be {verb.get('input', '')!r}")
    ends = verb.get("finishOnKey", "#")
    if ends and ends not in KEYS:
        raise CallError(13310, f"Gather: Invalid finishOnKey value {ends!r}")
    most = int(verb.seconds("numDigits", 0)) if "numDigits" in verb.attributes else None
    if most == 0:
        raise CallError(13314, "Gather: Invalid numDigits value 0")
    auto = verb.get("speechTimeout", "auto") == "auto"
    return Asked(
        keys="dtmf" in kinds,
        speech="speech" in kinds,
        most=most,
        ends=ends,
        seconds=5.0 if verb.get("timeout", "auto") == "auto" else verb.seconds("timeout", 5),
        speech_seconds=1.0 if auto else verb.seconds("speechTimeout", 1),
    )
