"""The instructions for a call, as Twilio reads them."""

from xml.etree import ElementTree as ET

from incidents.words import Severity
from integrations import prompts, twiml
from tests.unit.integrations.summaries import CHECKOUT, HOSTILE, summary

LONGEST_INLINE = 4000
"""https://www.twilio.com/docs/voice/api/call-resource: the limit of the parameter `Twiml`."""
KEY = "https://tocsin.example.com/voice/page/TOKEN/key?a=1&b=2"


def verbs(document: str) -> list[ET.Element]:
    return list(ET.fromstring(document))  # noqa: S314  # We made it ourselves.


def test_a_page_asks_twice_for_one_key_and_then_goes_on_to_the_next_person() -> None:
    first, second, goodbye, end = verbs(twiml.page_call(CHECKOUT, KEY))
    for gather in (first, second):
        assert gather.tag == "Gather"
        assert gather.attrib["action"] == KEY
        assert (gather.attrib["numDigits"], gather.attrib["timeout"]) == ("1", "8")
        assert gather[0].text == prompts.page(CHECKOUT)
    assert goodbye.text == "No key pressed. I will try the next person."
    assert end.tag == "Hangup"


def test_every_key_is_a_key_the_pound_sign_too() -> None:
    assert verbs(twiml.page_call(CHECKOUT, KEY))[0].attrib["finishOnKey"] == ""


def test_a_page_fits_into_the_call_whatever_people_wrote() -> None:
    hostile = summary(title=HOSTILE + "x" * 4000, description=HOSTILE)
    assert len(twiml.page_call(hostile, KEY)) < LONGEST_INLINE


def test_a_reply_hangs_up_or_asks_for_the_next_key() -> None:
    assert [verb.tag for verb in verbs(twiml.said("Done."))] == ["Say", "Hangup"]
    asking = verbs(twiml.said("Press 6 again.", then=KEY))
    assert asking[0].attrib["action"] == KEY


def test_a_caller_is_not_told_that_somebody_else_is_tried() -> None:
    asking = verbs(twiml.said("Press 6 again.", then=KEY, silence=prompts.NO_KEY_OF_A_CALLER))
    assert [verb.tag for verb in asking] == ["Gather", "Gather", "Say", "Hangup"]
    assert asking[2].text == "No key pressed. Goodbye."


def test_a_pin_ends_with_the_pound_sign_and_is_asked_for_twice() -> None:
    first, second, goodbye, end = verbs(twiml.asked_for_pin(prompts.enter_pin(), then=KEY))
    for gather in (first, second):
        assert gather.attrib == {
            "action": KEY,
            "finishOnKey": "#",
            "input": "dtmf",
            "method": "POST",
            "timeout": "10",
        }
        assert gather[0].text == "Enter your PIN, then press pound."
    assert (goodbye.text, end.tag) == ("No key pressed. Goodbye.", "Hangup")


def test_one_moment_comes_back_with_the_key_kept() -> None:
    assert verbs(twiml.one_moment(KEY))[-1].text == KEY


def test_the_hotline_records_and_has_words_for_silence() -> None:
    document = twiml.hotline_greeting(
        42, severity_action=KEY, record_action="https://a.test/r", recording_callback="https://a.test/c"
    )
    gather, record, silence, end = verbs(document)
    assert gather.attrib["action"] == KEY
    assert gather[0].text == prompts.hotline_greeting(42)
    assert record.attrib == {
        "action": "https://a.test/r",
        "method": "POST",
        "maxLength": "55",
        "timeout": "5",
        "finishOnKey": "123#",
        "playBeep": "true",
        "recordingStatusCallback": "https://a.test/c",
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "in-progress completed absent",
    }
    assert silence.text == prompts.hotline_silence(42)
    assert end.tag == "Hangup"


def test_thanks_end_the_call() -> None:
    say, end = verbs(twiml.said(prompts.hotline_thanks(42, Severity.LOW)))
    assert say.text == "Thank you. Incident 42, severity low. Goodbye."
    assert end.tag == "Hangup"
