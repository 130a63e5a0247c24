"""When a provider fails, an adapter says so in our words, within its time limit, and asks exactly once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incidents.errors import TemporaryError
from incidents.ports import Message
from integrations.jira import JiraTickets
from integrations.slack import SlackChat
from integrations.speech import GoogleSpeech
from integrations.twilio import TwilioPhone
from tests.integration.integrations.conftest import SHORT
from tests.integration.integrations.test_speech_contract import wav
from tests.integration.sandbox.running import RunningSandbox
from tests.ports import free_three

KINDS = ["500", "500-after", "503", "429", "reset", "reset-after", "silence", "garbage"]
AT_MOST_SECONDS = 8.0
TEXT = "Tocsin #42: the checkout is down. Take it: /incident ack 42"


@dataclass(frozen=True)
class Write:
    """One write of one adapter, and what its provider calls it."""

    provider: str
    method: str
    do: Callable[[], Any]


def slack_write(chat: SlackChat) -> Write:
    return Write("slack", "chat.postMessage", lambda: chat.post("C0INCIDENTS", Message("Hello."), mark="job-1"))


def twilio_write(phone: TwilioPhone) -> Write:
    twiml, url = "<Response><Say>Hello.</Say></Response>", "http://127.0.0.1:9/status"

    def call() -> str:
        return phone.call(to="+12025550111", twiml=twiml, status_url=url, ring_for=timedelta(seconds=25))

    return Write("twilio", "POST /Accounts/{Sid}/Calls.json", call)


def text_write(phone: TwilioPhone) -> Write:
    return Write("twilio", "POST /Accounts/{Sid}/Messages.json", lambda: phone.text(to="+12025550111", body=TEXT))


def jira_write(tickets: JiraTickets) -> Write:
    def create() -> object:
        return tickets.create(label="tocsin-1", summary="Checkout", description="It fails.", priority="Low")

    return Write("jira", "POST /rest/api/2/issue", create)


def speech_write(speech: GoogleSpeech) -> Write:
    return Write("speech", "*", lambda: speech.transcribe(wav()))


@pytest.fixture(params=["slack", "twilio", "text", "jira", "speech"])
def write(
    request: pytest.FixtureRequest,
    slack_chat: SlackChat,
    twilio_phone: TwilioPhone,
    jira_tickets: JiraTickets,
    google_speech: GoogleSpeech,
) -> Write:
    match request.param:
        case "slack":
            return slack_write(slack_chat)
        case "twilio":
            return twilio_write(twilio_phone)
        case "text":
            return text_write(twilio_phone)
        case "jira":
            return jira_write(jira_tickets)
        case _:
            return speech_write(google_speech)


@pytest.mark.parametrize("kind", KINDS)
def test_trouble_is_temporary_and_the_request_was_sent_once(write: Write, kind: str, sandbox: RunningSandbox) -> None:
    sandbox.post("/control/fault", provider=write.provider, method=write.method, kind=kind, times=1)
    began = time.monotonic()
    with pytest.raises(TemporaryError):
        write.do()
    assert time.monotonic() - began < AT_MOST_SECONDS
    sent = [entry for entry in sandbox.ledger(write.provider) if write.method in ("*", entry["method"])]
    assert len(sent) == 1


def test_the_providers_own_wish_is_kept(write: Write, sandbox: RunningSandbox) -> None:
    sandbox.post("/control/fault", provider=write.provider, method=write.method, kind="429", times=1)
    with pytest.raises(TemporaryError) as raised:
        write.do()
    if write.provider != "speech":
        assert raised.value.retry_after == timedelta(seconds=1)
        assert raised.value.happened is False


@pytest.mark.parametrize("kind", ["500-after", "reset-after", "silence", "garbage"])
def test_nobody_claims_to_know_what_happened(write: Write, kind: str, sandbox: RunningSandbox) -> None:
    sandbox.post("/control/fault", provider=write.provider, method=write.method, kind=kind, times=1)
    with pytest.raises(TemporaryError) as raised:
        write.do()
    assert raised.value.happened is None


def test_a_text_whose_answer_was_lost_is_found_and_one_that_was_not_sent_is_not(
    twilio_phone: TwilioPhone, sandbox: RunningSandbox
) -> None:
    since, write = datetime.now(UTC), text_write(twilio_phone)
    for kind, found in (("500", []), ("reset-after", [TEXT])):
        sandbox.post("/control/fault", provider=write.provider, method=write.method, kind=kind, times=1)
        with pytest.raises(TemporaryError):
            write.do()
        assert twilio_phone.find_texts(to="+12025550111", since=since) == found


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_texts_that_cannot_be_had_is_looked_for_again(
    twilio_phone: TwilioPhone, sandbox: RunningSandbox, kind: str
) -> None:
    """Were it taken for an empty one, the text would be sent twice."""
    method = "GET /Accounts/{Sid}/Messages.json"
    sandbox.post("/control/fault", provider="twilio", method=method, kind=kind, times=1)
    with pytest.raises(TemporaryError):
        twilio_phone.find_texts(to="+12025550111", since=datetime.now(UTC))


def test_a_phone_provider_that_is_not_available_surely_placed_no_call(
    twilio_phone: TwilioPhone, sandbox: RunningSandbox
) -> None:
    """Else each 503 of an outage would keep the phone from ringing for the 20 s in which the call is looked for."""
    sandbox.post("/control/fault", provider="twilio", method="*", kind="503", times=1)
    with pytest.raises(TemporaryError) as raised:
        twilio_write(twilio_phone).do()
    assert raised.value.happened is False


def test_after_the_trouble_it_works_again(write: Write, sandbox: RunningSandbox) -> None:
    sandbox.post("/control/fault", provider=write.provider, method=write.method, kind="503", times=1)
    with pytest.raises(TemporaryError):
        write.do()
    write.do()


def test_a_refused_connection_surely_changed_nothing() -> None:
    nowhere = f"http://127.0.0.1:{free_three()}"
    writes = [
        slack_write(SlackChat("xoxb", base_url=nowhere, timeout=SHORT)),
        twilio_write(TwilioPhone("AC1", "secret", number="+12025550100", api_url=nowhere, timeout=SHORT)),
        jira_write(JiraTickets(nowhere, "user", "token", project="OPS", timeout=SHORT)),
    ]
    for write in writes:
        with pytest.raises(TemporaryError) as raised:
            write.do()
        assert raised.value.happened is False, write.provider


def test_a_speech_service_that_is_not_there_is_temporary() -> None:
    with pytest.raises(TemporaryError):
        GoogleSpeech(endpoint=f"http://127.0.0.1:{free_three()}", timeout=SHORT).transcribe(wav())


def test_a_download_that_fails_is_temporary(twilio_phone: TwilioPhone, sandbox: RunningSandbox) -> None:
    for kind in ("500", "429", "reset", "silence"):
        sandbox.post("/control/fault", provider="twilio", method="*", kind=kind, times=1)
        with pytest.raises(TemporaryError):
            twilio_phone.recording("RE" + "0" * 32)
