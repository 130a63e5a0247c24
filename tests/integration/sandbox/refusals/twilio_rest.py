"""What Twilio's REST API refuses."""

from tests.integration.sandbox.phones import BEA, HOTLINE, SID, TOKEN
from tests.integration.sandbox.refusals.asking_twilio import HELLO, call, message, over, raw, sdk, unsubscribed
from tests.integration.sandbox.refusals.case import Case

ERRORS = "https://www.twilio.com/docs/api/errors"
MAGIC = "https://www.twilio.com/docs/iam/test-credentials#magic-input"
NONE = "0" * 32

CASES = [
    Case("no credentials", "no account at all", raw("GET", ".json"), "401 20003", f"{ERRORS}/20003"),
    Case("wrong credentials", "another token", sdk(lambda t: t.api.accounts(SID).fetch(), token="other"), "401 20003",
         f"{ERRORS}/20003"),
    Case("no such function", "an address nobody has", raw("GET", "/Pigeons.json", credentials=f"{SID}:{TOKEN}"),
         "404 20404", f"{ERRORS}/20404"),
    Case("no such function", "DELETE on the list of calls",
         raw("DELETE", "/Calls.json", credentials=f"{SID}:{TOKEN}"), "405 20004", f"{ERRORS}/20004"),
    Case("no such id", "a call", sdk(lambda t: t.calls(f"CA{NONE}").fetch()), "404 20404", f"{ERRORS}/20404"),
    Case("no such id", "a recording", sdk(lambda t: t.recordings(f"RE{NONE}").fetch()), "404 20404",
         f"{ERRORS}/20404"),
    Case("number to call", "none", call(to=""), "400 21201", f"{ERRORS}/21201"),
    Case("number to call", "without plus and country", call(to="2025550111"), "400 21211", f"{ERRORS}/21211"),
    Case("number to call", "too short for its country", call(to="+120255501"), "400 21211", f"{ERRORS}/21211"),
    Case("number nobody may call", "out of reach", call(to="+15005550002"), "400 21214", MAGIC),
    Case("number nobody may call", "without permission for the country", call(to="+15005550003"), "400 21215", MAGIC),
    Case("number nobody may call", "blocked", call(to="+15005550004"), "400 21216", MAGIC),
    Case("number that calls", "none", call(from_=""), "400 21213", f"{ERRORS}/21213"),
    Case("number that calls", "no number", call(from_="nobody"), "400 21212", f"{ERRORS}/21212"),
    Case("number that calls", "another's", call(from_=BEA), "400 21210", f"{ERRORS}/21210"),
    Case("what to do in the call", "nothing", call(twiml=""), "400 21205", f"{ERRORS}/21205"),
    Case("what to do in the call", "half an address", call(twiml=None, url="voice/page"), "400 21205",
         f"{ERRORS}/21205"),
    Case("what to do in the call", "more than 4,000 characters",
         call(twiml=f"<Response><Say>{'a' * 4000}</Say></Response>"), "400 32018", f"{ERRORS}/32018"),
    Case("callback", "half an address", call(status_callback="/voice/status"), "400 21609", f"{ERRORS}/21609"),
    Case("callback", "an event that is not", call(status_callback_event=["answer"]), "400 21626", f"{ERRORS}/21626"),
    Case("callback", "neither GET nor POST", call(status_callback_method="PUT"), "400 21209", f"{ERRORS}/21209"),
    Case("bad digits", "keys that no phone has", call(send_digits="12x"), "400 21206", f"{ERRORS}/21206"),
    Case("bad time", "ringing for no seconds", call(timeout=0), "400 21208", f"{ERRORS}/21208"),
    Case("call that is over", "hang it up", sdk(lambda t: over(t).update(status="completed")), "400 21220",
         f"{ERRORS}/21220"),
    Case("call that is over", "give it other words", sdk(lambda t: over(t).update(twiml=HELLO)), "400 21220",
         f"{ERRORS}/21220"),
    Case("nothing said", "a text message of nothing", message(body=""), "400 21602", f"{ERRORS}/21602"),
    Case("text message to", "nobody", message(to=""), "400 21604", f"{ERRORS}/21604"),
    Case("text message to", "a landline", message(to="+15005550009"), "400 21614", MAGIC),
    Case("text message to", "who wrote STOP", unsubscribed, "400 21610", f"{ERRORS}/21610"),
    Case("text message from", "nobody", message(from_=""), "400 21603", f"{ERRORS}/21603"),
    Case("text message from", "another's number", message(from_=BEA), "400 21606", f"{ERRORS}/21606"),
    Case("text message from", "itself", message(to=HOTLINE), "400 21266", f"{ERRORS}/21266"),
    Case("text message too long", "1,601 letters", message(body="a" * 1601), "400 21617", f"{ERRORS}/21617"),
]  # fmt: skip
