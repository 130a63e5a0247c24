"""The adapters and the fakes side by side: a contract test runs on both, the adapters against a sandbox process."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from incidents.ports import Chat, Mail, Phone, Speech, Tickets, Transcript
from integrations.jira import JiraTickets
from integrations.slack import SlackChat
from integrations.smtp import SmtpMail
from integrations.speech import GoogleSpeech
from integrations.twilio import TwilioPhone
from tests.fakes import FakeChat, FakeMail, FakePhone, FakeSpeech, FakeTickets
from tests.integration.sandbox.receiver import Receiver, receiving
from tests.integration.sandbox.running import ROOT, RunningSandbox, sandbox_running

SHORT = timedelta(seconds=1)
"""The adapters' time limit here, so that silence does not hold up the tests."""
BOTH = ["fake", "sandbox"]
HEARD = "checkout returns errors"


@pytest.fixture(scope="session")
def _product() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def _sandbox(_product: Receiver) -> Iterator[RunningSandbox]:
    """Its Slack was installed with our manifest, so that a missing scope shows."""
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-sandbox-") as folder,
        sandbox_running(
            _product.url, Path(folder) / "ledger.jsonl", ["--manifest", str(ROOT / "manifest.yml")]
        ) as sandbox,
    ):
        yield sandbox


@pytest.fixture
def sandbox(_sandbox: RunningSandbox) -> RunningSandbox:
    """The default world, no faults, an empty ledger."""
    _sandbox.post("/control/reset")
    return _sandbox


@pytest.fixture
def slack_chat(sandbox: RunningSandbox) -> SlackChat:
    return SlackChat("xoxb-sandbox", base_url=f"{sandbox.address}/slack/api/", timeout=SHORT)


@pytest.fixture
def twilio_phone(sandbox: RunningSandbox) -> TwilioPhone:
    return TwilioPhone(
        "AC00000000000000000000000000000001",
        "sandbox-auth-token",
        number="+12025550100",
        api_url=f"{sandbox.address}/twilio",
        timeout=SHORT,
    )


@pytest.fixture
def smtp_mail(sandbox: RunningSandbox) -> SmtpMail:
    address = f"smtp://sandbox:sandbox-mail-password@127.0.0.1:{sandbox.mail_port}"
    return SmtpMail(address, sender="tocsin@example.com", timeout=SHORT)


@pytest.fixture
def jira_tickets(sandbox: RunningSandbox) -> JiraTickets:
    return JiraTickets(f"{sandbox.address}/jira", "sandbox@example.com", "sandbox-token", project="OPS", timeout=SHORT)


@pytest.fixture
def google_speech(sandbox: RunningSandbox) -> GoogleSpeech:
    return GoogleSpeech(endpoint=f"http://{sandbox.speech_address}", timeout=SHORT)


@pytest.fixture(params=BOTH)
def chat(request: pytest.FixtureRequest) -> Chat:
    """Somebody else's channel is `general`; there is no user `U0NOBODY`."""
    if request.param == "fake":
        return FakeChat(taken=["general"], strangers=["U0NOBODY"])
    real: SlackChat = request.getfixturevalue("slack_chat")
    return real


@pytest.fixture(params=BOTH)
def phone(request: pytest.FixtureRequest) -> Phone:
    if request.param == "fake":
        return FakePhone()
    real: TwilioPhone = request.getfixturevalue("twilio_phone")
    return real


@pytest.fixture(params=BOTH)
def mail(request: pytest.FixtureRequest) -> Mail:
    if request.param == "fake":
        return FakeMail()
    real: SmtpMail = request.getfixturevalue("smtp_mail")
    return real


@pytest.fixture(params=BOTH)
def tickets(request: pytest.FixtureRequest) -> Tickets:
    if request.param == "fake":
        return FakeTickets()
    real: JiraTickets = request.getfixturevalue("jira_tickets")
    return real


@pytest.fixture(params=BOTH)
def speech(request: pytest.FixtureRequest) -> Speech:
    """Hears `HEARD` first, and then nothing."""
    if request.param == "fake":
        return FakeSpeech(Transcript(HEARD, 0.93))
    request.getfixturevalue("sandbox").post("/control/speech/script", text=HEARD)
    real: GoogleSpeech = request.getfixturevalue("google_speech")
    return real
