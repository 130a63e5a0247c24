"""The port `Phone`, sentence by sentence, on the fake and on Twilio."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Phone
from integrations import twiml
from integrations.twilio import TwilioPhone
from integrations.twilio_http import OneAttempt
from tests.fakes import FINAL
from tests.integration.sandbox.running import RunningSandbox
from tests.unit.integrations.summaries import CHECKOUT

BEA, CY = "+12025550111", "+12025550112"
STATUS_URL = "http://127.0.0.1:9/voice/status"
UNKNOWN = "0" * 32


def place(phone: Phone, to: str = BEA) -> str:
    key = "http://127.0.0.1:9/voice/key"
    return phone.call(
        to=to, twiml=twiml.page_call(CHECKOUT, key), status_url=STATUS_URL, ring_for=timedelta(seconds=25)
    )


def answer(sandbox: RunningSandbox) -> None:
    """Once it rings, which takes the exchange a moment."""
    end = time.monotonic() + 5
    while sandbox.get(f"/control/phone/{BEA}")["state"] != "ringing":
        assert time.monotonic() < end, "it never rang"
        time.sleep(0.02)
    sandbox.post(f"/control/phone/{BEA}/answer")


def now() -> datetime:
    return datetime.now(UTC)


def test_a_placed_call_can_be_looked_up(phone: Phone) -> None:
    sid = place(phone)
    call = phone.look_up(sid)
    assert (call.sid, call.to) == (sid, BEA)
    assert call.status not in FINAL


def test_the_same_again_is_a_second_call(phone: Phone) -> None:
    assert place(phone, BEA) != place(phone, CY)


def test_a_text_message_is_sent(phone: Phone) -> None:
    first = phone.text(to=BEA, body="Tocsin: the code for your phone is 123456.")
    assert first != phone.text(to=BEA, body="Tocsin: the code for your phone is 654321.")


def test_texts_to_a_number_are_found_since_then(phone: Phone) -> None:
    since = now()
    phone.text(to=BEA, body="Tocsin #42: the checkout is down.")
    phone.text(to=CY, body="Tocsin #43: the disk is full.")
    assert phone.find_texts(to=BEA, since=since) == ["Tocsin #42: the checkout is down."]
    assert phone.find_texts(to=BEA, since=now() + timedelta(seconds=5)) == []


def test_a_call_of_which_nobody_wants_to_hear(phone: Phone) -> None:
    sid = phone.call(to=BEA, twiml=twiml.said("A test call."), ring_for=timedelta(seconds=25))
    assert phone.look_up(sid).to == BEA


def test_calls_to_a_number_are_found_the_newest_first(phone: Phone) -> None:
    since = now()
    first = place(phone)
    phone.hang_up(first)
    second = place(phone)
    place(phone, CY)
    assert [call.sid for call in phone.find_calls(to=BEA, since=since)] == [second, first]


def test_calls_from_before_are_not_found(phone: Phone) -> None:
    place(phone)
    assert not phone.find_calls(to=BEA, since=now() + timedelta(seconds=5))


def test_hanging_up_ends_a_call_that_rings(phone: Phone) -> None:
    sid = place(phone)
    phone.hang_up(sid)
    assert phone.look_up(sid).status in (*FINAL, "queued", "ringing")


def test_a_call_that_ended_already_stays_ended(phone: Phone) -> None:
    sid = place(phone)
    phone.hang_up(sid)
    phone.hang_up(sid)


def test_a_recording_that_is_not_there_yet_is_worth_another_try(phone: Phone) -> None:
    with pytest.raises(TemporaryError):
        phone.recording(f"RE{UNKNOWN}")


def test_a_call_that_nobody_placed_is_refused(phone: Phone) -> None:
    with pytest.raises(PermanentError):
        phone.look_up(f"CA{UNKNOWN}")
    with pytest.raises(PermanentError):
        phone.hang_up(f"CA{UNKNOWN}")


def test_a_number_that_is_none_is_refused(phone: Phone) -> None:
    with pytest.raises(PermanentError):
        place(phone, "not a number")


def test_check_says_who_we_are(phone: Phone) -> None:
    assert phone.check()


def test_the_phone_rings_and_speaks_the_page(twilio_phone: TwilioPhone, sandbox: RunningSandbox) -> None:
    place(twilio_phone)
    answer(sandbox)
    said = str(sandbox.get(f"/control/phone/{BEA}")["said"])
    assert "Tocsin. Severity high, incident 42." in said


def test_hanging_up_stops_the_ringing(twilio_phone: TwilioPhone, sandbox: RunningSandbox) -> None:
    twilio_phone.hang_up(place(twilio_phone))
    assert sandbox.get(f"/control/phone/{BEA}")["state"] == "idle"


def test_hanging_up_ends_a_conversation(twilio_phone: TwilioPhone, sandbox: RunningSandbox) -> None:
    sid = place(twilio_phone)
    answer(sandbox)
    twilio_phone.hang_up(sid)
    assert sandbox.get(f"/control/phone/{BEA}")["state"] == "idle"
    assert twilio_phone.look_up(sid).status == "completed"


def test_an_id_that_is_none_of_twilios_never_becomes_part_of_an_address(twilio_phone: TwilioPhone) -> None:
    for sid in ("../../Accounts", "", "RE1/../x", "http://evil.test/"):
        with pytest.raises(PermanentError, match="not an id"):
            twilio_phone.recording(sid)


def test_wrong_credentials_are_named_as_the_cause(sandbox: RunningSandbox) -> None:
    stranger = TwilioPhone(
        "AC00000000000000000000000000000001", "wrong", number=BEA, api_url=f"{sandbox.address}/twilio"
    )
    with pytest.raises(PermanentError, match="TWILIO_AUTH_TOKEN"):
        stranger.check()


def test_the_token_goes_to_the_configured_address_only() -> None:
    http = OneAttempt(api_url="http://127.0.0.1:9/twilio", timeout=timedelta(seconds=1))
    for elsewhere in ("https://evil.test/2010-04-01", "https://api.twilio.com.evil.test/", "http://api.twilio.com/"):
        with pytest.raises(PermanentError, match="not Twilio's"):
            http.request("GET", elsewhere, auth=("AC1", "secret"))


def test_an_address_in_the_clear_is_refused() -> None:
    with pytest.raises(PermanentError, match="TWILIO_API_URL"):
        TwilioPhone("AC1", "secret", number=BEA, api_url="http://twilio.example.com")
