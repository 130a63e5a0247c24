"""A TwiML document being run, and how one is fetched from the product."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from sandbox.twilio.call import Call
from sandbox.twilio.refusal import CallError
from sandbox.twilio.twiml import Verb, read
from sandbox.twilio.webhook import Webhook

XML = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True)
class Page:
    """`url` is None for TwiML that came with the REST request: there, every address must be absolute."""

    url: str | None
    method: str
    verbs: list[Verb]

    def address(self, asked: str | None) -> str:
        """Where an action leads; without one, to this document again."""
        if asked:
            address = urljoin(self.url, asked) if self.url else asked
            if not is_absolute(address):
                raise CallError(11100, f"Invalid URL format: {asked!r}", asked)
            return address
        if self.url is None:
            raise CallError(11100, "Invalid URL format: inline TwiML has no address to return to; give an action")
        return self.url


def is_absolute(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


async def fetch(webhook: Webhook, call: Call, url: str, method: str, extra: Mapping[str, str]) -> Page:
    """Raises: CallError 11200, 11205, 11215, 11216, 12300 and what reading the TwiML raises, with `url`."""
    heard = await webhook.send(url, method, call.parameters() | dict(extra))
    if heard.failure:
        raise CallError(11205 if heard.failure == "ct" else 11200, f"No answer from {url}", url)
    if 300 <= heard.status < 400:
        raise CallError(11215 if heard.location else 11216, f"HTTP redirects from {url} lead nowhere", url)
    if not heard.ok:
        raise CallError(11200, f"HTTP retrieval failure: {url} answered {heard.status}", url)
    if not heard.body.strip():
        return Page(url, method, [])
    if heard.media_type == "text/plain":
        return Page(url, method, [Verb("Say", {}, heard.body.strip(), ())])
    if heard.media_type not in XML:
        raise CallError(12300, f"Invalid Content-Type: {heard.media_type or 'none'}", url)
    try:
        return Page(url, method, read(heard.body))
    except CallError as error:
        raise CallError(error.code, error.message, url) from error
