"""The port `Mail`, sentence by sentence, on the fake and on SMTP; and what SMTP must not do, whatever people write."""

from typing import Any

import pytest

from incidents.errors import PermanentError
from incidents.ports import Mail
from integrations.smtp import SmtpMail
from tests.fakes import FakeMail
from tests.integration.sandbox.running import RunningSandbox

BEA, CY = "bea@example.com", "cy@example.com"
HOSTILE = [
    "bea@example.com\r\nBcc: eve@example.com",
    "bea@example.com, eve@example.com",
    "Bea <bea@example.com>",
    "bea@example.com>\r\nRCPT TO:<eve@example.com",
    "bea@",
    "",
]


def send(mail: Mail, to: str = BEA, subject: str = "HIGH #42: Checkout returns 502", mark: str = "job-1") -> None:
    mail.send(to=to, subject=subject, text="Take it: /incident ack 42\n", mark=mark)


def arrived(mail: Mail, request: pytest.FixtureRequest, address: str = BEA) -> list[tuple[str, str, str]]:
    """Subject, text and id of what came to that address."""
    if isinstance(mail, FakeMail):
        return [(each.subject, each.text, each.mark) for each in mail.letters if each.to == address]
    found = request.getfixturevalue("sandbox").get(f"/control/mail/{address}")
    return [(each["subject"], each["text"], each["message_id"]) for each in found]


def test_a_letter_comes_to_its_address_alone(mail: Mail, request: pytest.FixtureRequest) -> None:
    send(mail)
    [(subject, text, id)] = arrived(mail, request)
    assert (subject, text) == ("HIGH #42: Checkout returns 502", "Take it: /incident ack 42\n")
    assert "job-1" in id
    assert arrived(mail, request, CY) == []


def test_a_second_copy_has_the_same_id(mail: Mail, request: pytest.FixtureRequest) -> None:
    send(mail)
    send(mail)
    send(mail, mark="job-2")
    assert [id for *_, id in arrived(mail, request)].count(arrived(mail, request)[0][2]) == 2


@pytest.mark.parametrize("to", HOSTILE)
def test_what_is_no_address_is_refused(mail: Mail, request: pytest.FixtureRequest, to: str) -> None:
    with pytest.raises(PermanentError):
        send(mail, to)
    assert arrived(mail, request) == arrived(mail, request, "eve@example.com") == []


def test_check_says_who_we_are(mail: Mail) -> None:
    assert mail.check()


def headers(sandbox: RunningSandbox) -> dict[str, Any]:
    [mail] = sandbox.get(f"/control/mail/{BEA}")
    return {name: value for name, value in mail["headers"].items() if not name.startswith("Content")}


def test_an_unknown_receiver_is_refused_for_good(smtp_mail: SmtpMail) -> None:
    with pytest.raises(PermanentError, match=r"550 5\.1\.1"):
        send(smtp_mail, "nobody@example.com")


@pytest.mark.parametrize(
    "subject",
    ["x\r\nBcc: eve@example.com", "x\nBcc: eve@example.com\n\nHello", "x\u2028y\x85z\x0bq\x00", "ü" * 400, "🔥 " * 90],
)
def test_a_subject_stays_a_subject(smtp_mail: SmtpMail, sandbox: RunningSandbox, subject: str) -> None:
    send(smtp_mail, subject=subject)
    found = headers(sandbox)
    assert found.keys() == {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"}
    assert found["Subject"].split() == subject.replace("\x00", " ").split()
    assert sandbox.get("/control/mail/eve@example.com") == []


def test_a_text_arrives_as_it_is(smtp_mail: SmtpMail, sandbox: RunningSandbox) -> None:
    text = "Grüße 🔥\n.\n..two\nFrom here\n" + "long " * 400 + "\n"
    smtp_mail.send(to=BEA, subject="x", text=text, mark="job-1")
    assert sandbox.get(f"/control/mail/{BEA}")[0]["text"] == text
