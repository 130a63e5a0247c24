"""Which addresses get our credentials: https, or this machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from incidents.errors import PermanentError


def is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return host is not None and ip_address(host).is_loopback
    except ValueError:
        return False


def checked(url: str, *, setting: str) -> str:
    """The address without a slash at its end. Raises: PermanentError when it would send a secret in the clear."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username or not (parts.scheme == "https" or _local(url)):
        raise PermanentError(f"{setting} must be an https address, or an http address of this machine")
    return url.rstrip("/")


def _local(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and is_loopback(parts.hostname)
