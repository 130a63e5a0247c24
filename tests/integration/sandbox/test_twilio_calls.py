"""Outgoing calls really run: they ring, are answered, hear TwiML, and tell the product about it in order."""

import pytest

from tests.integration.sandbox.phones import BEA, CY, HOTLINE, Pages, Phone, client, eventually
from tests.integration.sandbox.receiver import Receiver
from tests.integration.sandbox.running import RunningSandbox

EVENTS = ["initiated", "ringing", "answered", "completed"]


def page(product: Receiver, gather: str = 'numDigits="1"') -> str:
    action = f"{product.url}/voice/key?token=a%2Bb&amp;n=1"
    prompt = "<Say>Incident forty-two.</Say><Say>Press 4 to acknowledge.</Say>"
    return f'<Response><Gather action="{action}" {gather}>{prompt}</Gather><Say>No key pressed.</Say></Response>'


def call_bea(sandbox: RunningSandbox, product: Receiver, twiml: str, **more: object) -> str:
    """Placed and ringing."""
    placed = client(sandbox).calls.create(
        to=BEA,
        from_=HOTLINE,
        twiml=twiml,
        status_callback=f"{product.url}/voice/status",
        status_callback_event=EVENTS,
        **more,
    )
    eventually(Phone(sandbox, BEA).shows, lambda shown: bool(shown["call"] or shown["history"]))
    return str(placed.sid)


def test_a_key_reaches_the_product_and_its_answer_is_heard(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {"/voice/key": "<Say>Acknowledged.</Say>"})
    sid = call_bea(sandbox, product, page(product))
    bea = Phone(sandbox, BEA)
    assert bea.rings()["call"]["sid"] == sid
    bea.does("answer")
    said = [line["text"] for line in bea.does("press", digits="4")["said"]]
    assert said == ["Incident forty-two.", "Press 4 to acknowledge.", "(presses 4)", "Acknowledged."]
    (sent,) = pages.sent_to("/voice/key")
    assert (sent["Digits"], sent["CallSid"], sent["CallStatus"]) == ("4", sid, "in-progress")
    assert pages.unsigned == []


def test_progress_is_told_in_order(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {"/voice/key": "<Say>Thanks</Say>"})
    sid = call_bea(sandbox, product, page(product))
    Phone(sandbox, BEA).does("answer")
    Phone(sandbox, BEA).does("press", digits="4")
    told = pages.wait_for("/voice/status", CallStatus="completed")
    assert (told["CallSid"], told["CallDuration"], told["CallbackSource"]) == (sid, "1", "call-progress-events")
    sent = pages.sent_to("/voice/status")
    assert [one["CallStatus"] for one in sent] == ["initiated", "ringing", "in-progress", "completed"]
    assert [one["SequenceNumber"] for one in sent] == ["0", "1", "2", "3"]
    assert client(sandbox).calls(sid).fetch().status == "completed"


@pytest.mark.parametrize(
    ("line", "act", "status"),
    [
        ("free", "ignore", "no-answer"),
        ("free", "hangup", "busy"),
        ("busy", None, "busy"),
        ("unreachable", None, "failed"),
    ],
)
def test_calls_that_nobody_takes(
    sandbox: RunningSandbox, product: Receiver, line: str, act: str | None, status: str
) -> None:
    pages = Pages(product, {})
    bea = Phone(sandbox, BEA)
    bea.does("line", line=line)
    call_bea(sandbox, product, page(product), timeout=1)
    if act:
        bea.rings()
        bea.does(act)
    told = pages.wait_for("/voice/status", CallStatus=status)
    assert told["CallDuration"] == "0"


def test_a_phone_in_a_call_is_busy_for_the_next(sandbox: RunningSandbox, product: Receiver) -> None:
    Pages(product, {})
    call_bea(sandbox, product, "<Response><Pause length='30'/></Response>")
    Phone(sandbox, BEA).does("answer")
    second = client(sandbox).calls.create(to=BEA, from_=HOTLINE, twiml="<Response><Say>Hello</Say></Response>")
    eventually(lambda: {"status": second.fetch().status}, lambda seen: seen["status"] == "busy")


def test_silence_falls_through_to_the_next_verb(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {})
    call_bea(sandbox, product, page(product, 'numDigits="1" timeout="1"'))
    Phone(sandbox, BEA).does("answer")
    assert Phone(sandbox, BEA).is_idle()["said"][-1]["text"] == "No key pressed."
    assert pages.sent_to("/voice/key") == []


@pytest.mark.parametrize(
    ("gather", "pressed", "digits"),
    [
        ('numDigits="2" timeout="9"', "66", "66"),
        ('timeout="9"', "123#", "123"),
        ('timeout="1"', "12", "12"),
        ('timeout="9" finishOnKey="*"', "1#*", "1#"),
        ('numDigits="1" timeout="9" finishOnKey=""', "*", "*"),
        ('timeout="1" actionOnEmptyResult="true"', "#", ""),
    ],
)
def test_keys_are_gathered_as_asked(
    sandbox: RunningSandbox, product: Receiver, gather: str, pressed: str, digits: str
) -> None:
    pages = Pages(product, {"/voice/key": "<Say>Thanks</Say>"})
    call_bea(sandbox, product, page(product, gather))
    Phone(sandbox, BEA).does("answer")
    Phone(sandbox, BEA).does("press", digits=pressed)
    assert pages.wait_for("/voice/key")["Digits"] == digits


def test_words_are_gathered(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {"/voice/key": "<Say>Thanks</Say>"})
    call_bea(sandbox, product, page(product, 'input="dtmf speech" speechTimeout="1"'))
    Phone(sandbox, BEA).does("answer")
    Phone(sandbox, BEA).does("speak", text="acknowledge please")
    sent = pages.wait_for("/voice/key")
    assert (sent["SpeechResult"], sent["Confidence"]) == ("acknowledge please", "0.93")


def test_a_machine_hears_everything_and_presses_nothing(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {"/voice/page": "<Gather timeout='1'><Say>Press 4</Say></Gather><Say>Bye</Say>"})
    sid = (
        client(sandbox)
        .calls.create(to=BEA, from_=HOTLINE, url=f"{product.url}/voice/page", machine_detection="Enable")
        .sid
    )
    bea = Phone(sandbox, BEA)
    bea.rings()
    bea.does("voicemail")
    assert bea.tries("press", digits="4").status == 409
    bea.is_idle()
    assert bea.heard() == ["Press 4", "Bye"]
    assert pages.wait_for("/voice/page")["AnsweredBy"] == "machine_start"
    assert client(sandbox).calls(sid).fetch().answered_by == "machine_start"


@pytest.mark.parametrize(
    ("answer", "code"), [("<Say>Hello", 12100), ("<Shout/>", 12200), ("<Play>/voice/nothing</Play>", 12300)]
)
def test_wrong_twiml_ends_the_call_with_an_apology(
    sandbox: RunningSandbox, product: Receiver, answer: str, code: int
) -> None:
    Pages(product, {"/voice/page": answer})
    client(sandbox).calls.create(to=BEA, from_=HOTLINE, url=f"{product.url}/voice/page")
    Phone(sandbox, BEA).rings()
    Phone(sandbox, BEA).does("answer")
    shown = Phone(sandbox, BEA).is_idle()
    assert "an application error has occurred" in shown["said"][-1]["text"]
    assert [error["code"] for error in shown["history"][0]["errors"]] == [code]


def test_a_page_that_fails_goes_to_the_fallback(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {"/voice/fallback": "<Say>Fallback</Say>"})
    client(sandbox).calls.create(
        to=BEA, from_=HOTLINE, url="http://127.0.0.1:1/gone", fallback_url=f"{product.url}/voice/fallback"
    )
    Phone(sandbox, BEA).rings()
    Phone(sandbox, BEA).does("answer")
    Phone(sandbox, BEA).is_idle()
    assert Phone(sandbox, BEA).heard() == ["Fallback"]
    assert pages.wait_for("/voice/fallback")["ErrorCode"] == "11205"


def test_a_callback_can_be_lost_and_doubled(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {"/voice/key": "<Say>Thanks</Say>"})
    name = "POST {product} /voice/key"
    sandbox.post("/control/fault", provider="twilio", method=name, kind="reset-after", times=1)
    call_bea(sandbox, product, page(product))
    Phone(sandbox, BEA).does("answer")
    Phone(sandbox, BEA).does("press", digits="4")
    assert len(pages.sent_to("/voice/key")) == 2
    assert Phone(sandbox, BEA).heard()[-1] == "Thanks"
    assert [entry["response"].get("fault") for entry in sandbox.ledger("twilio", name)] == ["reset-after", None]


def test_dial_connects_two_phones(sandbox: RunningSandbox, product: Receiver) -> None:
    pages = Pages(product, {"/voice/dialed": "<Say>Back again</Say>", "/voice/whisper": "<Say>For you</Say>"})
    dial = f"<Dial action='{product.url}/voice/dialed'><Number url='{product.url}/voice/whisper'>{CY}</Number></Dial>"
    call_bea(sandbox, product, f"<Response>{dial}</Response>")
    bea, cy = Phone(sandbox, BEA), Phone(sandbox, CY)
    bea.does("answer")
    cy.rings()
    cy.does("answer")
    bea.does("speak", text="hello Cy")
    assert "hello Cy" in [line["text"] for line in cy.shows()["said"]]
    cy.does("hangup")
    bea.is_idle()
    assert (bea.heard(), cy.heard()) == (["Back again"], ["For you"])
    assert pages.wait_for("/voice/dialed")["DialCallStatus"] == "completed"


def test_a_conference_ends_with_whoever_ends_it(sandbox: RunningSandbox, product: Receiver) -> None:
    Pages(product, {})
    room = "<Response><Dial><Conference endConferenceOnExit='true'>bridge-42</Conference></Dial></Response>"
    for number in (BEA, CY):
        client(sandbox).calls.create(to=number, from_=HOTLINE, twiml=room)
        Phone(sandbox, number).rings()
        Phone(sandbox, number).does("answer")
    Phone(sandbox, CY).does("speak", text="I am here")
    assert "I am here" in [line["text"] for line in Phone(sandbox, BEA).shows()["said"]]
    Phone(sandbox, BEA).does("hangup")
    Phone(sandbox, CY).is_idle()
