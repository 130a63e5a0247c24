"""Calls to the hotline: what is said is recorded, kept when the caller hangs up, and told to the product."""

from urllib.request import HTTPBasicAuthHandler, HTTPPasswordMgrWithDefaultRealm, build_opener

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.integration.sandbox.phones import ANYBODY, BEA, HOTLINE, SID, TOKEN, Pages, Phone, client, eventually
from tests.integration.sandbox.receiver import Receiver
from tests.integration.sandbox.running import RunningSandbox

INCOMING, RECORDED, TAPE = "/voice/incoming", "/voice/recorded", "/voice/recording"
RECORD = (
    f'<Record maxLength="4" timeout="1" finishOnKey="#*" action="{RECORDED}" recordingStatusCallback="{TAPE}"'
    ' recordingStatusCallbackEvent="in-progress completed absent"/><Say>We heard nothing.</Say>'
)
MENU = '<Say>This is incident 42.</Say><Gather numDigits="1" timeout="6" action="/voice/severity"><Say>1 urgent</Say>'


def hotline(product: Receiver) -> Pages:
    return Pages(
        product,
        {
            INCOMING: f"{MENU}</Gather><Redirect>/voice/severity</Redirect>",
            "/voice/severity": f"<Say>Speak after the tone.</Say>{RECORD}",
            RECORDED: "<Say>Thank you.</Say>",
        },
    )


def download(sandbox: RunningSandbox, sid: str) -> bytes:
    passwords = HTTPPasswordMgrWithDefaultRealm()
    url = f"{sandbox.address}/twilio/2010-04-01/Accounts/{SID}/Recordings/{sid}.wav"
    passwords.add_password(None, url, SID, TOKEN)
    with build_opener(HTTPBasicAuthHandler(passwords)).open(url) as answer:
        return bytes(answer.read())


def test_a_call_reaches_the_product_as_twilio_sends_it(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = hotline(product)
    placed = Phone(sandbox, ANYBODY).calls_hotline()
    sent = pages.wait_for(INCOMING)
    assert (sent["CallSid"], sent["From"], sent["To"], sent["Caller"], sent["Called"]) == (
        placed["sid"],
        ANYBODY,
        HOTLINE,
        ANYBODY,
        HOTLINE,
    )
    assert (sent["CallStatus"], sent["Direction"], sent["ApiVersion"]) == ("ringing", "inbound", "2010-04-01")
    assert [line["text"] for line in placed["said"]] == ["This is incident 42.", "1 urgent"]
    assert pages.unsigned == []


def test_call_press_speak_hang_up_loses_nothing(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = hotline(product)
    caller = Phone(sandbox, ANYBODY)
    sid = caller.calls_hotline()["sid"]
    caller.does("press", digits="1")
    caller.does("speak", text="checkout returns five oh two")
    caller.does("hangup")
    sent = pages.wait_for(RECORDED)
    assert (sent["Digits"], sent["CallStatus"], sent["RecordingDuration"]) == ("hangup", "completed", "2")
    assert pages.wait_for("/voice/severity")["Digits"] == "1"
    assert pages.wait_for(TAPE, RecordingStatus="completed")["RecordingSid"] == sent["RecordingSid"]
    ended = pages.wait_for("/voice/status", CallStatus="completed")
    assert (ended["CallSid"], ended["Direction"]) == (sid, "inbound")
    assert "Thank you." not in caller.heard()


def test_who_talks_too_early_is_heard_all_the_same(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = hotline(product)
    caller = Phone(sandbox, ANYBODY)
    caller.calls_hotline()
    caller.does("speak", text="database down")
    caller.does("hangup")
    assert pages.wait_for(RECORDED)["RecordingDuration"] == "1"


def test_silence_makes_no_recording(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = hotline(product)
    caller = Phone(sandbox, ANYBODY)
    caller.calls_hotline()
    caller.does("press", digits="2")
    caller.is_idle()
    assert caller.heard()[-1] == "We heard nothing."
    pages.wait_for(TAPE, RecordingStatus="absent")
    assert pages.sent_to(RECORDED) == []
    assert client(sandbox).recordings.list() == []


def test_who_talks_too_long_is_cut_and_the_rest_is_kept(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = hotline(product)
    caller = Phone(sandbox, ANYBODY)
    caller.calls_hotline()
    caller.does("press", digits="1")
    caller.does("speak", text=" ".join(["word"] * 12))
    assert pages.wait_for(RECORDED)["RecordingDuration"] == "4"
    assert "Digits" not in pages.wait_for(RECORDED)


@pytest.mark.parametrize("key", ["#", "*"])
def test_a_finishing_key_ends_the_recording(sandbox: RunningSandbox, product: Receiver, key: str) -> None:
    pages = hotline(product)
    caller = Phone(sandbox, ANYBODY)
    caller.calls_hotline()
    caller.does("press", digits="1")
    caller.does("speak", text="it burns")
    caller.does("press", digits=key)
    assert pages.wait_for(RECORDED)["Digits"] == key
    assert caller.is_idle()["said"][-1]["text"] == "Thank you."


def test_recordings_are_sound_and_no_two_are_alike(sandbox: RunningSandbox, product: Receiver) -> None:
    hotline(product)
    caller = Phone(sandbox, ANYBODY)
    for _ in range(2):
        caller.calls_hotline()
        caller.does("press", digits="1")
        caller.does("speak", text="the same words")
        caller.does("hangup")
    twilio = client(sandbox)
    eventually(
        lambda: {"all": [one.status for one in twilio.recordings.list()]}, lambda seen: seen["all"] == ["completed"] * 2
    )
    first, second = (download(sandbox, one.sid) for one in twilio.recordings.list())
    assert first[:4] == b"RIFF"
    assert (len(first), first == second) == (44 + 3 * 3200 * 2, False)


def test_a_deleted_recording_is_gone(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = hotline(product)
    caller = Phone(sandbox, ANYBODY)
    caller.calls_hotline()
    caller.does("press", digits="1")
    caller.does("speak", text="secret")
    caller.does("hangup")
    sid = pages.wait_for(TAPE, RecordingStatus="completed")["RecordingSid"]
    assert client(sandbox).recordings(sid).delete()
    with pytest.raises(TwilioRestException) as refused:
        client(sandbox).recordings(sid).fetch()
    assert refused.value.code == 20404


def test_a_rejected_call_is_never_answered(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {INCOMING: '<Reject reason="busy"/>'})
    Phone(sandbox, ANYBODY).calls_hotline()
    assert pages.wait_for("/voice/status")["CallStatus"] == "busy"


def test_a_product_that_is_away_makes_twilio_apologize(sandbox: RunningSandbox, product: Receiver) -> None:
    Pages(product, {})
    sandbox.post("/control/fault", provider="twilio", method="POST {product} /voice/incoming", kind="reset", times=2)
    shown = Phone(sandbox, ANYBODY).calls_hotline()
    assert shown["state"] == "idle"
    assert "application error" in shown["said"][-1]["text"]


def test_text_messages_go_both_ways(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {"/voice/sms": "<Message>You own incident 42.</Message>"})
    message = client(sandbox).messages.create(
        to=BEA, from_=HOTLINE, body="Reply 42A", status_callback=f"{product.url}/voice/texted"
    )
    assert pages.wait_for("/voice/texted", MessageStatus="delivered")["MessageSid"] == message.sid
    shown = Phone(sandbox, BEA).does("text", text="42A")
    assert pages.wait_for("/voice/sms")["Body"] == "42A"
    assert [text["body"] for text in shown["texts"]] == ["Reply 42A", "42A", "You own incident 42."]


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("answer", {}),
        ("voicemail", {}),
        ("ignore", {}),
        ("press", {"digits": "4"}),
        ("speak", {"text": "hi"}),
        ("hangup", {}),
    ],
)
def test_what_cannot_be_done_with_an_idle_phone(sandbox: RunningSandbox, act: str, body: dict[str, str]) -> None:
    said = Phone(sandbox, BEA).tries(act, **body)
    assert said.status == 409
    assert BEA in said.body["error"]


@pytest.mark.parametrize("written", [BEA, BEA[1:], "%2B" + BEA[1:]])
def test_a_number_may_be_written_in_several_ways(sandbox: RunningSandbox, written: str) -> None:
    assert sandbox.get(f"/control/phone/{written}")["owner"] == "Bea"
