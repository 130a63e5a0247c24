"""How Twilio signs what it sends: https://www.twilio.com/docs/usage/webhooks/webhooks-security."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha1
from hmac import new


def signature(url: str, form: Mapping[str, str], token: str) -> str:
    """HMAC-SHA1 over the whole address and, for a POST, every parameter's name and value in the order of the names."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return b64encode(new(token.encode(), signed.encode(), sha1).digest()).decode()
