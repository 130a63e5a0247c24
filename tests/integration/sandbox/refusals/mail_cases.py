"""What a mail server refuses."""

import smtplib
from email.message import EmailMessage

from tests.integration.sandbox.refusals.case import Case, Send, World
from tests.integration.sandbox.test_mail import BEA, SENDER, letter

AUTH = "https://www.rfc-editor.org/rfc/rfc4954"
SMTP = "https://www.rfc-editor.org/rfc/rfc5321"
GMAIL = "https://support.google.com/a/answer/3726730"


def send(
    message: EmailMessage | None = None,
    *,
    sender: str = SENDER,
    to: str = BEA,
    password: str | None = "sandbox-mail-password",
) -> Send:
    def ask(world: World) -> str:
        with smtplib.SMTP("127.0.0.1", world.sandbox.mail_port, local_hostname="test", timeout=5) as server:
            try:
                if password is not None:
                    server.login("sandbox", password)
                server.send_message(message or letter(), sender, to)
            except smtplib.SMTPRecipientsRefused as refused:
                return _said(*refused.recipients[to])
            except smtplib.SMTPResponseException as refused:
                return _said(refused.smtp_code, refused.smtp_error)
        return "ok"

    return ask


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {text if isinstance(text, str) else text.decode()}"


CASES = [
    Case("mail login", "without a password", send(password=None), "530 5.7.0 Authentication required",
         f"{AUTH}#section-6"),
    Case("mail login", "with a wrong password", send(password="wrong"),
         "535 5.7.8 Authentication credentials invalid", f"{AUTH}#section-6"),
    Case("mail sender", "of somebody else", send(sender="ceo@example.com"),
         "553 5.7.1 ceo@example.com: Sender address rejected: not owned by this user", f"{SMTP}#section-7.1"),
    Case("mail receiver", "whom nobody knows", send(to="nobody@example.com"),
         "550 5.1.1 nobody@example.com: The email account that you tried to reach does not exist",
         f"{SMTP}#section-4.2.3"),
    Case("mail headers", "no id", send(letter(**{"Message-ID": None})),
         "550 5.7.1 Messages with no or several 'Message-ID:' headers are not accepted", GMAIL),
    Case("mail headers", "no sender", send(letter(From=None)),
         "550 5.7.1 Messages with no or several 'From:' headers are not accepted", GMAIL),
]  # fmt: skip
