"""What a person can do with a phone, and when: impossible acts are refused with a sentence."""

from sandbox.reading import Refused
from sandbox.twilio.call import Call
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.handset import LINES, Handset
from sandbox.twilio.party import KEYS

SETTLE_SECONDS = 5.0
LISTEN_SECONDS = 5.0
SPEAK_SECONDS = 8.0


async def settle(call: Call) -> None:
    """Until the product's answer has been run up to the next wait, or the call is over."""
    await call.bell.until(lambda: call.over or call.party.settled(), SETTLE_SECONDS)


async def ring_hotline(exchange: Exchange, handset: Handset) -> Call:
    if handset.call is not None:
        raise Refused(f"{handset.number} is already in a call", 409)
    call = exchange.call_hotline(handset)
    await settle(call)
    return call


async def answer(handset: Handset, *, machine: bool = False) -> None:
    call = _ringing(handset, "answer")
    call.party.machine = machine
    call.party.picked_up = True
    call.changed()
    await settle(call)


async def press(handset: Handset, digits: str) -> None:
    """Waits for a verb that takes keys; keys that nobody takes are lost, and the captions say so."""
    if not digits or set(digits) - KEYS:
        raise Refused(f"digits are some of 0123456789*#, not {digits!r}")
    call = _talking(handset, "press keys")
    party = call.party
    await call.bell.until(lambda: call.over or (party.waits and "keys" in party.hears), LISTEN_SECONDS)
    if call.over:
        raise Refused(f"the call ended before {digits} could be pressed", 409)
    party.pressed += digits
    call.say("person", f"(presses {' '.join(digits)})")
    if "keys" not in party.hears:
        call.say("system", "(nobody waits for a key)")
        return
    party.keys.extend(digits)
    call.changed()
    await settle(call)


async def speak(handset: Handset, text: str) -> None:
    """What is said before somebody listens is kept for the Record or Gather that comes next."""
    if not text.strip():
        raise Refused("there is nothing to say")
    call = _talking(handset, "speak")
    call.say("person", text)
    call.party.words.append(text)
    call.changed()
    await call.bell.until(lambda: call.over or not call.party.words, SPEAK_SECONDS)
    if not call.over:
        await settle(call)


async def hangup(handset: Handset) -> None:
    """A ringing call is declined, which its caller sees as busy."""
    call = handset.call
    if call is None:
        raise Refused(f"{handset.number} is not in a call", 409)
    if handset.state() == "ringing":
        call.party.declined = True
    else:
        call.party.gone = True
    call.changed()
    await call.bell.until(lambda: call.over, SETTLE_SECONDS)


async def ignore(handset: Handset) -> None:
    """It goes on ringing until its caller gives up."""
    _ringing(handset, "ignore")


async def set_line(handset: Handset, line: str) -> None:
    if line not in LINES:
        raise Refused(f"a line is {', '.join(LINES)}, not {line!r}")
    handset.line = line


def _ringing(handset: Handset, act: str) -> Call:
    if handset.call is None or handset.state() != "ringing":
        raise Refused(f"there is nothing to {act}: {handset.number} is {handset.state()}", 409)
    return handset.call


def _talking(handset: Handset, act: str) -> Call:
    if handset.call is None or handset.state() != "in-call":
        raise Refused(f"cannot {act}: {handset.number} is {handset.state()}", 409)
    if handset.call.party.machine:
        raise Refused(f"cannot {act}: an answering machine took the call at {handset.number}", 409)
    return handset.call
