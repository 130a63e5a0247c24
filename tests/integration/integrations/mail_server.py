"""A mail server that says what a test wrote down for it, with TLS when it is wanted."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TLS = "TLS"
"""In a script: the connection is encrypted from here on."""
TRICKLE = "TRICKLE"
"""In a script: a letter now and then, and never the end of the line."""


@dataclass
class Scripted:
    """`heard` are the lines that the client sent."""

    port: int
    heard: list[str] = field(default_factory=list)


@contextmanager
def scripted(script: list[str], certificate: Path | None = None) -> Iterator[Scripted]:
    """Says the next line of the script to each line that it hears, the first one at once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Scripted(listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listening, script, certificate, server))
        thread.start()
        try:
            yield server
        finally:
            thread.join(10)


def _serve(listening: socket.socket, script: list[str], certificate: Path | None, server: Scripted) -> None:
    with ExitStack() as ends:
        ends.enter_context(suppress(OSError))  # The client has gone.
        connection = ends.enter_context(listening.accept()[0])
        connection.settimeout(5)
        for place, line in enumerate(script, start=1):
            if line == TLS and certificate is not None:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(certificate)
                connection = ends.enter_context(context.wrap_socket(connection, server_side=True))
                continue
            while line == TRICKLE:
                connection.sendall(b"2")
                time.sleep(0.1)
            connection.sendall(f"{line}\r\n".encode())
            if script[place : place + 1] != [TLS]:
                server.heard.append(_line(connection))


def _line(connection: socket.socket) -> str:
    heard = b""
    while not heard.endswith(b"\r\n"):
        more = connection.recv(1)
        if not more:
            raise ConnectionResetError
        heard += more
    return heard.decode(errors="replace").strip()


def certificate_for(host: str, folder: Path) -> Path:
    """A key and a certificate that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    alternative = x509.IPAddress(ip_address(host)) if host[0].isdecimal() else x509.DNSName(host)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file
