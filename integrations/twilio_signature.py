"""Whether a request really comes from Twilio."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator, add_port, remove_port


def valid_signature(
    auth_tokens: Sequence[str],
    *,
    url: str,
    signature: str | None,
    params: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> bool:
    """`url` is PUBLIC_URL with the raw path and query; `params` the form (a MultiDict may have a name twice).

    `body` is given instead of `params` when it is not a form: then the query must carry its hash, because the signature
    covers the address alone (https://www.twilio.com/docs/usage/webhooks/webhooks-security). Several tokens serve a
    rotation; without any, nothing is valid.
    """
    if not signature or (body is not None and not _hash_fits(url, body)):
        return False
    signed = {} if params is None or body is not None else params
    addresses = {url, add_port(urlsplit(url)), remove_port(urlsplit(url))}
    valid = False
    for validator in (RequestValidator(token) for token in auth_tokens if token):
        for address in addresses:
            expected = validator.compute_signature(address, signed)
            valid |= hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
    return valid


def _hash_fits(url: str, body: bytes) -> bool:
    told = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    return hmac.compare_digest(told.lower().encode("utf-8", "replace"), hashlib.sha256(body).hexdigest().encode())
