"""A mail server as the mail: each letter over a connection of its own, to one person, within a time limit."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate
from urllib.parse import unquote, urlsplit

from incidents import mailing
from incidents.errors import IncidentError, PermanentError, TemporaryError
from integrations.addresses import is_loopback
from integrations.blocks import cut, one_line

SUBMISSION, SUBMISSIONS = 587, 465
NAME = "Tocsin"
_LONGEST_REPLY = 200


class SmtpMail:
    """`url` is `smtp://user:password@host:587` or `smtps://…`; `sender` the address that letters come from.

    The password goes out over TLS with a certificate that fits, or stays on this machine. A letter takes `timeout` for
    each answer and twice that in all. Its methods may be called from any thread.
    """

    def __init__(self, url: str, *, sender: str, timeout: timedelta = timedelta(seconds=10)) -> None:
        parts = urlsplit(url)
        self._tls_at_once = parts.scheme == "smtps"
        if not parts.hostname or parts.scheme not in ("smtp", "smtps"):
            raise PermanentError("SMTP_URL must be an address like smtp://user:password@host:587")
        self._host = parts.hostname
        self._port = parts.port or (SUBMISSIONS if self._tls_at_once else SUBMISSION)
        self._credentials = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._sender = sender
        self._timeout = timeout.total_seconds()

    def send(self, *, to: str, subject: str, text: str, mark: str) -> None:
        to = _address(to)
        letter = self._letter(to=to, subject=subject, text=text, mark=mark)
        with self._connected() as server:
            _demand(server.mail(self._sender), "look at MAIL_FROM")
            _demand(server.rcpt(to), "it does not take that address")
            with _translated(happened=None):
                _demand(server.data(letter), "it does not take the letter", happened=None)

    def check(self) -> str:
        with self._connected():
            return f"{self._host}:{self._port}, sending as {self._sender}"

    def _letter(self, *, to: str, subject: str, text: str, mark: str) -> bytes:
        """Nothing that came from people can become a header: `EmailMessage` refuses it, and so do we."""
        letter = EmailMessage(policy=SMTP)
        try:
            letter["From"] = formataddr((NAME, self._sender))
            letter["To"] = to
            letter["Subject"] = one_line(subject)
            letter["Date"] = formatdate(usegmt=True)
            letter["Message-ID"] = f"<{mark}@{self._domain}>"
            letter["Auto-Submitted"] = "auto-generated"  # Nobody's absence note comes back.
            letter.set_content(text, cte="quoted-printable")  # It passes servers that know seven bits only.
            return letter.as_bytes()
        except ValueError as error:
            raise PermanentError(f"such a letter cannot be written: {error}") from error

    @property
    def _domain(self) -> str:
        return self._sender.rpartition("@")[2]

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Greeted and logged in. What fails within it surely was not sent, unless it says otherwise."""
        with _translated(happened=False), closing(smtplib.SMTP(local_hostname=self._domain)) as server:
            server.sock = socket.create_connection((self._host, self._port), self._timeout)
            with _ended_after(2 * self._timeout, server):
                self._greet(server)
                if self._credentials is not None:
                    server.login(*self._credentials)
                yield server
            with suppress(OSError):  # What it says to that changes nothing any more.
                server.putcmd("quit")

    def _greet(self, server: smtplib.SMTP) -> None:
        if self._tls_at_once:
            self._encrypt(server)
        _demand(server.getreply())
        _demand(server.ehlo())
        if not self._tls_at_once and not is_loopback(self._host):
            if not server.has_extn("starttls"):
                raise PermanentError("The mail server does not encrypt (STARTTLS): use another one in SMTP_URL")
            _demand(server.docmd("STARTTLS"))
            self._encrypt(server)
            _demand(server.ehlo())  # What it said before could have been anybody's word.

    def _encrypt(self, server: smtplib.SMTP) -> None:
        """Raises: ssl.SSLError when its certificate is not one for that host."""
        if server.sock is not None:
            plain, context = server.sock, ssl.create_default_context()
            wrapped = context.wrap_socket(plain, server_hostname=self._host, do_handshake_on_connect=False)
            server.sock, server.file = wrapped, None
            wrapped.do_handshake()


def _address(to: str) -> str:
    try:
        return mailing.address(to)
    except IncidentError as error:
        raise PermanentError(str(error)) from error


@contextmanager
def _ended_after(seconds: float, server: smtplib.SMTP) -> Iterator[None]:
    """Cuts the connection then: a server that says a letter now and then would keep us for ever."""

    def cut_off() -> None:
        if server.sock is not None:
            with suppress(OSError):  # It is closed already.
                socket.socket.shutdown(server.sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut_off)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _translated(*, happened: bool | None) -> Iterator[None]:
    """`happened` as in `TemporaryError`, for what fails without an answer."""
    try:
        yield
    except (OSError, ValueError) as error:  # What smtplib raises is one or the other.
        raise _translate(error, happened=happened) from error


def _translate(error: Exception, *, happened: bool | None) -> TemporaryError | PermanentError:
    match error:
        case smtplib.SMTPAuthenticationError():
            return _refusal(error.smtp_code, error.smtp_error, "look at user and password in SMTP_URL")
        case smtplib.SMTPDataError():
            return _refusal(error.smtp_code, error.smtp_error, "it takes no letter")
        case smtplib.SMTPServerDisconnected() | smtplib.SMTPResponseException():  # The latter is a line without end.
            return TemporaryError("The mail server did not answer", happened=happened)
        case smtplib.SMTPException() | ssl.SSLCertVerificationError():
            return PermanentError(f"The mail server cannot be used, look at SMTP_URL: {_brief(str(error))}")
        case _:
            return TemporaryError(f"The mail server did not answer: {type(error).__name__}", happened=happened)


def _demand(answer: tuple[int, bytes], advice: str = "look at SMTP_URL", *, happened: bool | None = False) -> None:
    """Raises: TemporaryError and PermanentError unless it says yes."""
    code, text = answer
    if not 200 <= code < 300:
        raise _refusal(code, text, advice, happened=happened)


def _refusal(
    code: int, text: bytes | str, advice: str, *, happened: bool | None = False
) -> TemporaryError | PermanentError:
    """What is refused did not happen (https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1)."""
    says = f"{code} {_brief(text if isinstance(text, str) else text.decode(errors='replace'))}"
    if 400 <= code < 500:
        return TemporaryError(f"The mail server cannot do it now: {says}", happened=False)
    if 500 <= code < 600:
        return PermanentError(f"The mail server refuses, {advice}: {says}")
    return TemporaryError("The mail server's answer cannot be read", happened=happened)


def _brief(text: str) -> str:
    return cut(one_line(text), _LONGEST_REPLY)
