"""One letter after the other meets its fault, is refused or delivered, and noted, before it is answered."""

import asyncio
import hmac
import socket
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.core import Sandbox
from sandbox.mail import refusing
from sandbox.mail.mailbox import Mail, Mailbox, read, text_of
from sandbox.provider import DELAY_SECONDS, SILENCE_SECONDS
from sandbox.world import MAIL_PASSWORD, MAIL_USER

LETTER = "DATA"
"""What a letter is called in the ledger and for faults; of the other commands only refusals are noted."""
ANSWERS: Mapping[str | None, str] = {
    "500": "554 5.3.0 sandbox fault 500",
    "500-after": "554 5.3.0 sandbox fault 500-after",
    "503": "451 4.3.0 sandbox fault 503",
    "429": "450 4.7.1 sandbox fault 429",
    "garbage": "<html>502 Bad Gateway",
}
BEFORE = frozenset({"500", "503", "429", "reset", "silence"})
NO_ANSWER = frozenset({"reset", "reset-after", "silence", "silence-after"})


class MailDesk:
    """What aiosmtpd asks about each command (https://aiosmtpd.aio-libs.org/en/latest/handlers.html)."""

    def __init__(self, sandbox: Sandbox, mailbox: Mailbox) -> None:
        self._sandbox = sandbox
        self._mailbox = mailbox

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, given: Any) -> AuthResult:
        if isinstance(given, LoginPassword) and _is_known(given):
            return AuthResult(success=True)
        self._note("AUTH", {"mechanism": way}, "535 5.7.8 Authentication credentials invalid")
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(  # noqa: N802  # aiosmtpd calls it so.
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = refusing.sender(address, authenticated=bool(session.authenticated))
        if refusal is not None:
            return self._note("MAIL", {"from": address}, refusal)
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = refusing.receiver(address)
        if refusal is not None:
            return self._note("RCPT", {"to": address}, refusal)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self._sandbox.faults.take("mail", LETTER)
        message = read(envelope.original_content or b"")
        noted = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "subject": message["Subject"]}
        effect: dict[str, Any] | None = None
        answer = refusing.letter(message)
        if answer is None and fault not in BEFORE:
            effect = {"mail": str(message["Message-ID"]), "to": ", ".join(envelope.rcpt_tos)}
            self._deliver(envelope, message)
            self._sandbox.state.keep("mail", effect)
        answer = ANSWERS.get(fault) or answer or "250 2.0.0 OK: queued"
        self._note(LETTER, noted, "" if fault in NO_ANSWER else answer, fault=fault, effect=effect)
        if fault in ("silence", "silence-after"):
            await asyncio.sleep(SILENCE_SECONDS)
        if fault in NO_ANSWER:
            await _drop(server)
        if fault == "delay":
            await asyncio.sleep(DELAY_SECONDS)
        return answer

    def _deliver(self, envelope: Envelope, message: EmailMessage) -> None:
        for to in envelope.rcpt_tos:
            mail = Mail(
                from_=envelope.mail_from or "",
                to=to,
                subject=str(message["Subject"] or ""),
                text=text_of(message).replace("\r\n", "\n"),
                message_id=str(message["Message-ID"]),
                headers={name: str(value) for name, value in message.items()},
                at=datetime.now(UTC).isoformat(),
            )
            self._mailbox.mails.append(mail)

    def _note(self, method: str, request: Any, answer: str, *, fault: str | None = None, effect: Any = None) -> str:
        code, _, said = answer.partition(" ")
        status = int(code) if code.isdecimal() else 0
        response = {"status": status, "body": said, **({"fault": fault} if fault else {})}
        self._sandbox.ledger.write(provider="mail", method=method, request=request, response=response, effect=effect)
        return answer


def _is_known(given: LoginPassword) -> bool:
    user, password = (hmac.compare_digest(*pair) for pair in zip(given, _KNOWN, strict=True))
    return user and password


_KNOWN = (MAIL_USER.encode(), MAIL_PASSWORD.encode())


async def _drop(server: SMTP) -> None:
    """The client sees a reset; the server ends this coroutine when the connection is gone."""
    transport = server.transport
    if isinstance(transport, asyncio.Transport):
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    await asyncio.sleep(SILENCE_SECONDS)
