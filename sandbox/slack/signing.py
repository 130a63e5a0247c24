"""Slack's request signature, version 0. https://docs.slack.dev/authentication/verifying-requests-from-slack"""

import hashlib
import hmac
import time

from sandbox.world import SIGNING_SECRET


def signed_headers(body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
