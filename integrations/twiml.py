"""The instructions that Twilio follows in a call, built from the catalogue of prompts (https://www.twilio.com/docs/voice/twiml)."""

from collections.abc import Sequence
from typing import Any

from twilio.twiml.voice_response import Gather, VoiceResponse

from incidents.summary import Summary
from incidents.words import Severity
from integrations import prompts
from integrations.prompts import KEYS, Keys

LANGUAGE = "en-US"
AGAIN_ON_ERRORS = "#rc=5&rp=5xx,ct,rt"
"""At the end of a callback's address it asks Twilio to repeat what must not be lost; it is neither called nor signed
(https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""
_KEY_SECONDS = 8
_EARLY_KEY_SECONDS = 1
_PIN_SECONDS = 10
_RECORD_SECONDS = 55
_SILENCE_SECONDS = 5


def page_call(summary: Summary, action_url: str, *, keys: Keys = KEYS) -> str:
    """What a paged person hears, complete in itself: no web server is needed until a key is pressed."""
    return _asking(prompts.page(summary, keys), action_url)


def said(text: str, *, then: str | None = None, silence: str = prompts.NO_KEY) -> str:
    """Say it; `then` is the address that gets the next key, and without one the call ends."""
    if then is not None:
        return _asking(text, then, silence)
    response = _saying(text)
    response.hangup()
    return _xml(response)


def asked_for_pin(text: str, *, then: str) -> str:
    """Asks twice for digits that end with the pound sign. There may be ten seconds between two of them."""
    return _asking_twice(text, prompts.NO_KEY_OF_A_CALLER, timeout=_PIN_SECONDS, finish_on_key="#", action=then)


def one_moment(go_on_at: str) -> str:
    """Asks Twilio to come back at that address: for a handler that cannot finish in time."""
    response = _saying(prompts.ONE_MOMENT)
    response.pause(length=1)
    response.redirect(go_on_at, method="POST")
    return _xml(response)


def hotline_greeting(
    number: int,
    *,
    severity_action: str,
    record_action: str,
    recording_callback: str,
    caller: str | None = None,
    offered: Sequence[Summary] = (),
) -> str:
    """A key counts while the greeting is spoken and a second longer; whoever just talks need not wait for it."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf", num_digits=1, timeout=_EARLY_KEY_SECONDS, finish_on_key="", action=severity_action, method="POST"
    )
    gather.say(prompts.hotline_greeting(number, caller=caller, offered=offered), language=LANGUAGE)
    response.append(gather)
    return _recording(
        response, prompts.hotline_silence(number), record_action=record_action, callback=recording_callback
    )


def hotline_severity(number: int, severity: Severity, *, record_action: str, recording_callback: str) -> str:
    """For a caller who pressed the key first: it is said what was understood, and then they speak."""
    return _recording(
        _saying(prompts.hotline_severity(severity)),
        prompts.hotline_silence(number),
        record_action=record_action,
        callback=recording_callback,
    )


def hotline_go_on(number: int, severity: Severity, *, record_action: str, recording_callback: str) -> str:
    """For a caller who was cut off by the length of one recording; the parts are one report."""
    return _recording(
        _saying(prompts.hotline_go_on()),
        prompts.hotline_thanks(number, severity),
        record_action=record_action,
        callback=recording_callback,
    )


def _asking(text: str, action_url: str, silence: str = prompts.NO_KEY) -> str:
    """Asks twice for one key. `finishOnKey` is empty, so that every key is a key."""
    return _asking_twice(text, silence, num_digits=1, timeout=_KEY_SECONDS, finish_on_key="", action=action_url)


def _asking_twice(text: str, silence: str, **gather: Any) -> str:
    response = VoiceResponse()
    for _ in range(2):
        asking = Gather(input="dtmf", method="POST", **gather)
        asking.say(text, language=LANGUAGE)
        response.append(asking)
    response.say(silence, language=LANGUAGE)
    response.hangup()
    return _xml(response)


def _saying(text: str) -> VoiceResponse:
    response = VoiceResponse()
    response.say(text, language=LANGUAGE)
    return response


def _recording(response: VoiceResponse, silence: str, *, record_action: str, callback: str) -> str:
    """`silence` stands after `Record`: Twilio asks `action` only when it heard something."""
    response.record(
        max_length=_RECORD_SECONDS,
        timeout=_SILENCE_SECONDS,
        finish_on_key="123#",
        play_beep=True,
        action=record_action,
        method="POST",
        recording_status_callback=callback,
        recording_status_callback_method="POST",
        recording_status_callback_event="in-progress completed absent",
    )
    response.say(silence, language=LANGUAGE)
    response.hangup()
    return _xml(response)


def _xml(response: VoiceResponse) -> str:
    return str(response)
