"""Lets only Twilio in: the signature over our public address and the raw path is checked before anything is read.

The request's own idea of its address is not used: behind a proxy it is wrong, and forwarded headers can be forged.
"""

from urllib.parse import urlsplit

from flask import Request

from integrations.twilio_signature import valid_signature


def from_twilio(request: Request, *, public_url: str, auth_token: str) -> bool:
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    if not raw.startswith("/"):
        parts = urlsplit(raw)
        raw = parts.path + (f"?{parts.query}" if parts.query else "")
    return valid_signature(
        [auth_token],
        url=f"{public_url}{raw}",
        signature=request.headers.get("X-Twilio-Signature"),
        params=request.form,
    )
