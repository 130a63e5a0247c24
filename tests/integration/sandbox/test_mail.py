"""The sandbox's mail server: letters arrive, are refused, meet faults, and outlive the process."""

import smtplib
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from tests.integration.sandbox.running import RunningSandbox, sandbox_running
from tests.integration.sandbox.test_state import kill

BEA = "bea@example.com"
SENDER = "tocsin@example.com"


def letter(**changed: str | None) -> EmailMessage:
    headers = {
        "From": f"Tocsin <{SENDER}>",
        "To": BEA,
        "Subject": "Grüße",
        "Date": formatdate(),
        "Message-ID": "<1@example.com>",
    }
    message = EmailMessage()
    for name, value in {**headers, **changed}.items():
        if value is not None:
            message[name] = value
    message.set_content("Checkout returns 502.\n.\nTake it: /incident ack 42\n")
    return message


def send(sandbox: RunningSandbox, message: EmailMessage | None = None, *, seconds: float = 10, **more: Any) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.mail_port, local_hostname="test", timeout=seconds) as server:
        if more.pop("login", True):
            server.login("sandbox", more.pop("password", "sandbox-mail-password"))
        server.send_message(message or letter(), SENDER, BEA, **more)


def mails(sandbox: RunningSandbox, address: str = BEA) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.get(f"/control/mail/{address}")
    return found


def fault(sandbox: RunningSandbox, kind: str) -> None:
    sandbox.post("/control/fault", provider="mail", method="DATA", kind=kind, times=1)


def test_a_letter_arrives_and_stands_in_the_ledger(sandbox: RunningSandbox) -> None:
    send(sandbox)
    [mail] = mails(sandbox)
    assert (mail["from"], mail["to"], mail["subject"]) == (SENDER, BEA, "Grüße")
    assert mail["text"] == "Checkout returns 502.\n.\nTake it: /incident ack 42\n"
    [entry] = sandbox.ledger("mail")
    assert (entry["method"], entry["response"]["status"]) == ("DATA", 250)
    assert entry["effect"] == {"mail": "<1@example.com>", "to": BEA}
    assert sandbox.get("/control/mail?last=1") == [mail]
    assert mails(sandbox, "cy@example.com") == []


def test_a_reset_empties_all_mailboxes(sandbox: RunningSandbox) -> None:
    send(sandbox)
    sandbox.post("/control/reset")
    assert sandbox.get("/control/mail") == []


@pytest.mark.parametrize(
    ("kind", "code", "happened"), [("500", 554, 0), ("500-after", 554, 1), ("503", 451, 0), ("429", 450, 0)]
)
def test_an_error_comes_before_or_after_the_effect(
    sandbox: RunningSandbox, kind: str, code: int, happened: int
) -> None:
    fault(sandbox, kind)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(sandbox)
    assert (refused.value.smtp_code, len(mails(sandbox))) == (code, happened)
    assert sandbox.ledger("mail")[0]["response"]["fault"] == kind
    send(sandbox)


@pytest.mark.parametrize(("kind", "happened"), [("reset", 0), ("reset-after", 1), ("silence", 0), ("silence-after", 1)])
def test_no_answer_comes_before_or_after_the_effect(sandbox: RunningSandbox, kind: str, happened: int) -> None:
    fault(sandbox, kind)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(sandbox, seconds=0.5)
    assert len(mails(sandbox)) == happened


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tocsin-sandbox-") as made:
        yield Path(made)


def test_mails_outlive_the_process(folder: Path) -> None:
    options = ["--state", str(folder / "state.db")]
    for times in (1, 2):
        with sandbox_running("http://127.0.0.1:9", folder / "ledger.jsonl", options) as running:
            send(running)
            assert len(mails(running)) == times
            kill(running)
