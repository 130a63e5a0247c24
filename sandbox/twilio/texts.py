"""Text messages: the REST resource (https://www.twilio.com/docs/messaging/api/message-resource) and how one travels."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.core import Sandbox
from sandbox.twilio.call import API_VERSION, new_sid, now, rfc2822
from sandbox.twilio.handset import Handset
from sandbox.twilio.webhook import Webhook
from sandbox.world import ACCOUNT_SID

STEP_SECONDS = 0.1
UNREACHABLE = 30003
ON_THE_WAY = frozenset({"queued", "sent"})


@dataclass
class Text:
    from_: str
    to: str
    body: str
    direction: str = "outbound-api"
    callback: str | None = None
    status: str = "queued"
    error: int | None = None
    sid: str = field(default_factory=lambda: new_sid("SM"))
    created: datetime = field(default_factory=now)

    @property
    def segments(self) -> int:
        return max(1, -(-len(self.body) // (160 if self.body.isascii() else 70)))

    def parameters(self) -> dict[str, str]:
        return {
            "MessageSid": self.sid,
            "SmsSid": self.sid,
            "AccountSid": ACCOUNT_SID,
            "ApiVersion": API_VERSION,
            "From": self.from_,
            "To": self.to,
        }

    def as_json(self) -> dict[str, Any]:
        path = f"/{API_VERSION}/Accounts/{ACCOUNT_SID}/Messages/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT_SID,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_sent": None if self.status == "queued" else rfc2822(self.created),
            "date_updated": rfc2822(self.created),
            "direction": self.direction,
            "error_code": self.error,
            "error_message": "Unreachable destination handset" if self.error else None,
            "from": self.from_,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(self.segments),
            "price": None,
            "price_unit": "USD",
            "status": self.status,
            "to": self.to,
            "uri": f"{path}.json",
            "subresource_uris": {"media": f"{path}/Media.json"},
        }

    def shown(self) -> dict[str, str]:
        return {"from": self.from_, "to": self.to, "body": self.body, "at": self.created.isoformat(), "sid": self.sid}


async def deliver(sandbox: Sandbox, text: Text, handset: Handset) -> None:
    """queued, sent, delivered (or undelivered), each told to the status callback."""
    reached = handset.line != "unreachable"
    for status in ("sent", "delivered" if reached else "undelivered"):
        await asyncio.sleep(STEP_SECONDS)
        text.status = status
        if status == "undelivered":
            text.error = UNREACHABLE
        if status == "delivered":
            handset.texts.append(text.shown())
        sandbox.state.keep("twilio")
        if text.callback is not None:
            told = text.parameters() | {"MessageStatus": status, "SmsStatus": status}
            if text.error:
                told["ErrorCode"] = str(text.error)
            await Webhook(sandbox).send(text.callback, "POST", told)
