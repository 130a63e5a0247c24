"""When a mail server fails: what surely was not sent, what nobody knows, and whom no password is told."""

import time
from pathlib import Path

import pytest

from incidents.errors import PermanentError, TemporaryError
from integrations import smtp
from integrations.smtp import SmtpMail
from tests.integration.integrations.conftest import SHORT
from tests.integration.integrations.mail_server import TLS, TRICKLE, certificate_for, scripted
from tests.integration.integrations.test_mail_contract import BEA, send
from tests.integration.sandbox.running import RunningSandbox
from tests.ports import free_three

WELCOME = ["220 hello", "250-hello\r\n250 AUTH PLAIN", "235 welcome"]


def mail_at(port: int, *, scheme: str = "smtp", host: str = "127.0.0.1") -> SmtpMail:
    return SmtpMail(f"{scheme}://user:secret@{host}:{port}", sender="tocsin@example.com", timeout=SHORT)


@pytest.mark.parametrize(
    ("kind", "error", "happened"),
    [
        ("500", PermanentError, False),
        ("500-after", PermanentError, True),
        ("503", TemporaryError, False),
        ("429", TemporaryError, False),
        ("reset", TemporaryError, False),
        ("reset-after", TemporaryError, True),
        ("silence", TemporaryError, False),
        ("silence-after", TemporaryError, True),
        ("garbage", TemporaryError, True),
    ],
)
def test_trouble_in_our_words_within_the_time_and_asked_once(
    smtp_mail: SmtpMail, sandbox: RunningSandbox, kind: str, error: type[Exception], *, happened: bool
) -> None:
    sandbox.post("/control/fault", provider="mail", method="DATA", kind=kind, times=1)
    began = time.monotonic()
    with pytest.raises(error) as raised:
        send(smtp_mail)
    assert time.monotonic() - began < 4
    assert len(sandbox.ledger("mail", "DATA")) == 1
    assert len(sandbox.get(f"/control/mail/{BEA}")) == happened
    if isinstance(raised.value, TemporaryError):
        assert raised.value.happened is (False if kind in ("503", "429") else None)
    send(smtp_mail)


def test_a_refused_connection_surely_sent_nothing() -> None:
    with pytest.raises(TemporaryError) as raised:
        send(mail_at(free_three()))
    assert raised.value.happened is False


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([], TemporaryError),
        (["hello"], TemporaryError),
        (["421 too busy"], TemporaryError),
        (["554 go away"], PermanentError),
        (["220 " + "x" * 9000], TemporaryError),
        (["220 hello", "250 hello"], PermanentError),  # It lets nobody log in.
        (["220 hello", "250-hello\r\n250 AUTH GSSAPI"], PermanentError),
        ([*WELCOME[:2], "454 later"], TemporaryError),
        ([*WELCOME[:2], "535 no"], PermanentError),
        ([*WELCOME, "451 later"], TemporaryError),
        ([*WELCOME, "250 ok", "450 greylisted"], TemporaryError),
        ([*WELCOME, "250 ok", "550 nobody"], PermanentError),
        ([*WELCOME, "250 ok", "250 ok", "451 later"], TemporaryError),
        ([*WELCOME, "250 ok", "250 ok", "554 no"], PermanentError),
    ],
)
def test_whatever_it_says_before_it_has_the_letter_surely_sent_nothing(
    script: list[str], error: type[Exception]
) -> None:
    with scripted(script) as server, pytest.raises(error) as raised:
        send(mail_at(server.port))
    if isinstance(raised.value, TemporaryError):
        assert raised.value.happened is False
    assert "secret" not in str(raised.value)


def test_a_server_that_says_a_letter_now_and_then_is_cut_off() -> None:
    began = time.monotonic()
    with scripted([TRICKLE]) as server, pytest.raises(TemporaryError):
        send(mail_at(server.port))
    assert time.monotonic() - began < 3 * SHORT.total_seconds()


def test_who_is_elsewhere_and_does_not_encrypt_hears_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "is_loopback", lambda host: False)
    with scripted(WELCOME) as server, pytest.raises(PermanentError, match="does not encrypt"):
        send(mail_at(server.port))
    assert [line.split()[0] for line in server.heard] == ["ehlo"]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("known", [True, False])
def test_the_certificate_is_checked_before_the_password_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str, *, known: bool
) -> None:
    monkeypatch.setattr(smtp, "is_loopback", lambda host: False)
    certificate = certificate_for("127.0.0.1", tmp_path)
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    before = [] if scheme == "smtps" else ["220 hello", "250-hello\r\n250 STARTTLS", "220 go on"]
    taken = [*(WELCOME if scheme == "smtps" else WELCOME[1:]), "250 ok", "250 ok", "354 go on", *["250 ok"] * 3]
    with scripted([*before, TLS, *taken], certificate) as server:
        if known:
            mail_at(server.port, scheme=scheme).check()
        else:
            with pytest.raises(PermanentError, match="certificate"):
                send(mail_at(server.port, scheme=scheme))
    assert any(line.startswith("AUTH") for line in server.heard) == known
    assert all("secret" not in line for line in server.heard)


def test_a_certificate_of_another_host_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = certificate_for("mail.example.com", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with scripted([TLS, *WELCOME], certificate) as server, pytest.raises(PermanentError, match="certificate"):
        send(mail_at(server.port, scheme="smtps"))
    assert server.heard == []
