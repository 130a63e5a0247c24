"""Who is let in by Twilio's door, and from where."""

import pytest

from app.settings import Settings
from tests.books import Books
from tests.integration.voice.conftest import application
from tests.integration.voice.twilio import PUBLIC, Caller, Paged, Twilio, signature
from voice.door import voice_door

FIELDS = {"CallSid": "CA1", "From": "+12025550199", "CallStatus": "ringing"}
INCOMING = f"{PUBLIC}/voice/incoming"

FORGED: dict[str, dict[str, str]] = {
    "no signature": {"X-Twilio-Signature": ""},
    "another token": {"X-Twilio-Signature": signature(INCOMING, FIELDS, token="another")},
    "another address": {"X-Twilio-Signature": signature(f"{PUBLIC}/voice/status", FIELDS)},
    "the local address": {"X-Twilio-Signature": signature("http://localhost/voice/incoming", FIELDS)},
    "other fields": {"X-Twilio-Signature": signature(INCOMING, {**FIELDS, "From": "+12025550111"})},
    "an address with a query": {"X-Twilio-Signature": signature(f"{INCOMING}?tries=1", FIELDS)},
    "not Base64": {"X-Twilio-Signature": "é"},
    "a forged host": {
        "X-Twilio-Signature": signature("https://evil.test/voice/incoming", FIELDS),
        "Host": "evil.test",
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Proto": "https",
    },
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED.keys())
def test_what_twilio_did_not_sign_is_refused(twilio: Twilio, books: Books, headers: dict[str, str]) -> None:
    heard = twilio.post("/voice/incoming", FIELDS, headers)
    assert heard.status == 403
    assert "PUBLIC_URL" in heard.text
    assert books.incidents() == []


@pytest.mark.parametrize(
    "path",
    ["recorded", "recording", "status", "page/x/key", "page/x/status", "back/key", "back/pin?n=1", "incoming?a=1"],
)
def test_every_address_is_guarded(twilio: Twilio, path: str) -> None:
    assert twilio.post(f"/voice/{path}", FIELDS, {"X-Twilio-Signature": "bm9uc2Vuc2U="}).status == 403


def test_proxies_do_not_matter(twilio: Twilio) -> None:
    behind = {
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil.test;proto=http",
        "Host": "10.0.0.7:8080",
    }
    heard = twilio.post("/voice/incoming", FIELDS, behind)
    assert heard.status == 200
    assert heard.next == f"{PUBLIC}/voice/severity"


@pytest.mark.parametrize(
    "public",
    [
        "https://tocsin.example.com",
        "https://tocsin.example.com:8443",
        "http://127.0.0.1:8080",
        "https://example.com/tocsin",
    ],
)
def test_the_address_that_twilio_calls_is_the_public_one(books: Books, public: str) -> None:
    twilio = Twilio(application(books.database, public=public), public=public)
    caller = Caller(twilio)
    heard = caller.dials()
    assert heard.next == f"{public}/voice/severity"
    assert caller.stops(at=heard.next).status == 200
    books.urgent()
    page = Paged(twilio, books.call(2).token)
    assert page.presses("6", at=page.presses("6").next).said == "Resolved. Incident 2 is closed."


@pytest.mark.parametrize(
    "path",
    [
        "/voice/page/caf%C3%A9%20%2B/key",
        "/voice/page/caf%c3%a9/key?again=%36",
        "/voice/page/a%2Bb/key?x=%2F&y=a+b&z=",
        "/voice/page/~a/key?again=6&again=6",
    ],
)
def test_an_address_is_checked_as_it_was_written(twilio: Twilio, path: str) -> None:
    url = f"{PUBLIC}{path}"
    heard = twilio.post(url, FIELDS, {"X-Twilio-Signature": signature(url, FIELDS)})
    assert heard.status in (200, 404)


@pytest.mark.parametrize("stray", ["RecordingDuration", "SequenceNumber", "Digits"])
def test_what_is_no_number_is_nothing(twilio: Twilio, stray: str) -> None:
    assert twilio.post("/voice/incoming?tries=x", FIELDS).status == 200
    assert twilio.post("/voice/recorded", {**FIELDS, stray: "²"}).status == 200


def test_an_answer_is_xml(twilio: Twilio) -> None:
    assert twilio.post("/voice/incoming", FIELDS).text.startswith('<?xml version="1.0" encoding="UTF-8"?><Response>')


def test_without_a_token_there_is_no_door(books: Books) -> None:
    assert voice_door(Settings(_env_file=None), books.database) is None
