"""What Twilio checks before it places or changes a call, with its error codes."""

from sandbox.twilio.form import Form
from sandbox.twilio.instructions import STATUS_EVENTS, Instructions
from sandbox.twilio.numbers import BLOCKED, INVALID, NO_PERMISSION, NOT_ROUTED, is_e164
from sandbox.twilio.refusal import CallError, TwilioRefusal
from sandbox.twilio.twiml import read
from sandbox.world import HOTLINE

LONGEST_TWIML = 4000
LONGEST_RING = 600.0
LONGEST_CALL = 86400.0
TONES = frozenset("0123456789ABCD*#wW")
"""https://www.twilio.com/docs/api/errors/21206"""
_MAGIC = {
    INVALID: (21211, "The phone number you are attempting to call, {to}, is not valid."),
    NOT_ROUTED: (21214, "'To' phone number cannot be reached: {to}"),
    NO_PERMISSION: (
        21215,
        "Account not authorized to call {to}. International permissions may be missing.",
    ),
    BLOCKED: (21216, "Account not allowed to call {to}"),
}


def to_number(form: Form) -> str:
    to = form.get("To")
    if to is None:
        raise TwilioRefusal(400, 21201, "No 'To' number is specified")
    if to in _MAGIC:
        code, message = _MAGIC[to]
        raise TwilioRefusal(400, code, message.format(to=to))
    if not is_e164(to):
        raise TwilioRefusal(400, 21211, f"The phone number you are attempting to call, {to}, is not valid.")
    return to


def from_number(form: Form) -> str:
    from_ = form.get("From")
    if from_ is None:
        raise TwilioRefusal(400, 21213, "Caller phone number is required: no 'From' number is specified")
    if not is_e164(from_) or from_ == INVALID:
        raise TwilioRefusal(400, 21212, f"The source phone number provided, {from_}, is not valid.")
    if from_ != HOTLINE:
        message = f"The source phone number provided, {from_}, is not yet verified for your account."
        raise TwilioRefusal(400, 21210, message)
    return from_


def instructions(form: Form) -> Instructions:
    """https://www.twilio.com/docs/voice/api/call-resource#request-body-parameters; with a Url, Twiml is ignored."""
    url, twiml = form.url("Url", 21205), inline(form)
    if url is None and twiml is None:
        raise TwilioRefusal(400, 21205, "Url parameter is required.")
    events = tuple(event for value in form.all("StatusCallbackEvent") for event in value.split())
    if unknown := set(events) - set(STATUS_EVENTS):
        raise TwilioRefusal(400, 21626, f"Invalid StatusCallbackEvents: {', '.join(sorted(unknown))}")
    if set(form.get("SendDigits") or "") - TONES:
        raise TwilioRefusal(
            400, 21206, f"SendDigits may contain only 0-9, A-D, *, #, w and W: {form.get('SendDigits')}"
        )
    detect = form.get("MachineDetection")
    if detect not in (None, "Enable", "DetectMessageEnd"):
        raise TwilioRefusal(400, 20001, f"MachineDetection must be Enable or DetectMessageEnd, not {detect}")
    return Instructions(
        url=url,
        method=form.method("Method"),
        twiml=None if url else twiml,
        fallback_url=form.url("FallbackUrl", 21205),
        fallback_method=form.method("FallbackMethod"),
        status_callback=form.url("StatusCallback", 21609),
        status_method=form.method("StatusCallbackMethod"),
        status_events=events or ("completed",),
        ring_seconds=form.seconds("Timeout", 60.0, LONGEST_RING, 21208),
        limit_seconds=form.seconds("TimeLimit", 14400.0, LONGEST_CALL),
        detect_machine=detect,
        detect_beside=(form.get("AsyncAmd") or "").lower() == "true",
        detect_callback=form.url("AsyncAmdStatusCallback", 21609),
    )


def inline(form: Form) -> str | None:
    """TwiML in the request itself: at most 4000 characters (https://www.twilio.com/docs/api/errors/32018).

    Twilio looks at the document when the call is answered; here what is no TwiML is refused at once.
    """
    twiml = form.get("Twiml")
    if twiml is None:
        return None
    if len(twiml) > LONGEST_TWIML:
        raise TwilioRefusal(400, 32018, f"Twiml size exceeded maximum allowed value of {LONGEST_TWIML} characters")
    try:
        read(twiml)
    except CallError as error:
        raise TwilioRefusal(400, error.code, error.message) from error
    return twiml
