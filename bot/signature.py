"""Lets only Slack in: the signature over the raw body is checked before anything of it is read.

Bolt checks it too, but only after it has parsed the body, and it writes bodies that it refuses to the log.
"""

from flask import Request
from slack_sdk.signature import SignatureVerifier


def from_slack(request: Request, verifier: SignatureVerifier) -> bool:
    """Whether Slack signed it, less than five minutes ago."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp")
    signature = request.headers.get("X-Slack-Signature")
    try:
        return verifier.is_valid(request.get_data(), timestamp, signature)
    except (ValueError, TypeError, OverflowError):
        # A time that is no number, a signature outside ASCII, a body that is no UTF-8: Slack sends none of these.
        return False
