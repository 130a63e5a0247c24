"""What ends a call at Twilio: TwiML that is none, answers that do not come, and signatures that do not fit."""

from twilio.request_validator import RequestValidator

from tests.integration.sandbox.phones import TOKEN, form
from tests.integration.sandbox.receiver import Answered, Received
from tests.integration.sandbox.refusals.asking_twilio import answered, checked_elsewhere, document, nobody_there, twiml
from tests.integration.sandbox.refusals.case import Case
from tests.integration.sandbox.refusals.twilio_rest import ERRORS

SECURITY = "https://www.twilio.com/docs/usage/webhooks/webhooks-security"
OVERRIDES = "https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides"


def fits(received: Received, url: str, token: str = TOKEN, **changed: str) -> bool:
    """Whether Twilio's own SDK takes the request for Twilio's."""
    sent = form(received) | changed
    return bool(RequestValidator(token).validate(url, sent, received.headers["x-twilio-signature"]))


CASES = [
    Case("TwiML that is no XML", "an element without end", twiml("<Say>Hello"), "12100 goodbye", f"{ERRORS}/12100"),
    Case("TwiML that is no XML", "an empty line before the XML declaration",
         document('\n<?xml version="1.0" encoding="UTF-8"?><Response/>'), "12100 goodbye", f"{ERRORS}/12100"),
    Case("TwiML that is no XML", "another root", document("<Reply/>"), "12102 goodbye", f"{ERRORS}/12102"),
    Case("no such verb", "a verb that is not", twiml("<Shout>Hello</Shout>"), "12200 goodbye", f"{ERRORS}/12200"),
    Case("no such verb", "small letters", twiml("<say>Hello</say>"), "12200 goodbye", f"{ERRORS}/12200"),
    Case("no such verb", "a verb of text messages", twiml("<Message>Hello</Message>"), "12200 goodbye",
         "https://www.twilio.com/docs/voice/twiml"),
    Case("misplaced", "an attribute in small letters", twiml("<Gather numdigits='1'/>"), "12200 goodbye",
         f"{ERRORS}/12200"),
    Case("misplaced", "a recording inside a menu", twiml("<Gather><Record/></Gather>"), "12200 goodbye",
         "https://www.twilio.com/docs/voice/twiml/gather#nest-other-verbs"),
    Case("bad digits", "a menu for no digits", twiml("<Gather numDigits='0'/>"), "13314 goodbye", f"{ERRORS}/13314"),
    Case("bad digits", "a menu that ends on x", twiml("<Gather finishOnKey='x'/>"), "13310 goodbye",
         f"{ERRORS}/13310"),
    Case("recording", "ended by a key x", twiml("<Record finishOnKey='x'/>"), "13613 goodbye", f"{ERRORS}/13613"),
    Case("recording", "of no length", twiml("<Record maxLength='0'/>"), "13612 goodbye", f"{ERRORS}/13612"),
    Case("recording", "told of at its end of time",
         twiml("<Record recordingStatusCallback='/x' recordingStatusCallbackEvent='over'/>"), "13621 goodbye",
         f"{ERRORS}/13621"),
    Case("connecting", "a number as people write it", twiml("<Dial>202 555 0111</Dial>"), "13224 goodbye",
         f"{ERRORS}/13224"),
    Case("connecting", "a conference without name", twiml("<Dial><Conference/></Dial>"), "13237 goodbye",
         f"{ERRORS}/13237"),
    Case("nothing said", "a Say of nothing", twiml("<Say></Say>"), "13520 goodbye", f"{ERRORS}/13520"),
    Case("TwiML too long", "more than 64 KB", document(f"<Response>{' ' * 65536}</Response>"), "11750 goodbye",
         f"{ERRORS}/11750"),
    Case("address", "an action that leads nowhere", twiml("<Redirect>ftp://127.0.0.1/x</Redirect>"), "11100 goodbye",
         f"{ERRORS}/11100"),
    Case("the app's answer", "an error", answered(lambda url: Answered(status=500)), "11200 goodbye",
         f"{ERRORS}/11200"),
    Case("the app's answer", "JSON", document("{}", "application/json"), "12300 goodbye", f"{ERRORS}/12300"),
    Case("the app's answer", "none: nobody listens there", nobody_there, "11205 goodbye", f"{ERRORS}/11205"),
    Case("no answer in time", "to a request with a limit of a second",
         answered(lambda url: Answered(b"<Response/>", 200, "text/xml", after_seconds=1.5), "/voice/page#rt=1000"),
         "11200 goodbye", OVERRIDES),
    Case("redirects", "for ever", answered(lambda url: Answered(status=302, location=f"{url}/voice/page")),
         "11215 goodbye", f"{ERRORS}/11215"),
    Case("redirects", "without saying where to", answered(lambda url: Answered(status=302)), "11216 goodbye",
         f"{ERRORS}/11216"),
    Case("wrong signature", "of another token", checked_elsewhere(lambda got, url: fits(got, url, "other")), "refused",
         SECURITY),
    Case("wrong signature", "of another address", checked_elsewhere(lambda got, url: fits(got, f"{url}?x=1")),
         "refused", SECURITY),
    Case("wrong signature", "of another form", checked_elsewhere(lambda got, url: fits(got, url, Digits="4")),
         "refused", SECURITY),
]  # fmt: skip
