"""One call: its state, and how the REST API shows it (https://www.twilio.com/docs/voice/api/call-resource)."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

from sandbox.twilio.bell import Bell
from sandbox.twilio.instructions import Instructions
from sandbox.twilio.party import Party
from sandbox.world import ACCOUNT_SID

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
API_VERSION = "2010-04-01"


def new_sid(kind: str) -> str:
    return kind + uuid4().hex


def now() -> datetime:
    return datetime.now(UTC)


def rfc2822(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment)


@dataclass
class Call:
    """`turned_to` is set when the REST API changes a running call; `ends_as` when it ends one."""

    from_: str
    to: str
    direction: str
    instructions: Instructions
    parent: str | None = None
    sid: str = field(default_factory=lambda: new_sid("CA"))
    status: str = "queued"
    created: datetime = field(default_factory=now)
    answered: datetime | None = None
    ended: datetime | None = None
    answered_by: str | None = None
    turned_to: Instructions | None = None
    ends_as: str | None = None
    party: Party = field(default_factory=Party)
    bell: Bell = field(default_factory=Bell)
    errors: list[dict[str, Any]] = field(default_factory=list)
    said: list[dict[str, str]] = field(default_factory=list)
    watchers: list[Bell] = field(default_factory=list)
    callbacks_sent: int = 0
    last_callback: asyncio.Task[None] | None = None

    @property
    def over(self) -> bool:
        return self.status in FINAL

    @property
    def handset(self) -> str:
        """The number of the phone at the other end."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def seconds(self) -> int:
        """Twilio counts from the answer, rounded up."""
        if self.answered is None or self.ended is None:
            return 0
        return int((self.ended - self.answered).total_seconds()) + 1

    def changed(self) -> None:
        """Wake whoever waits on this call, and the call that dialed it."""
        for bell in (self.bell, *self.watchers):
            bell.ring()

    def end(self, status: str) -> None:
        """Ask for its end; it is over once its own task has seen that."""
        if not self.over and self.ends_as is None:
            self.ends_as = status
            self.changed()

    def say(self, who: str, text: str) -> None:
        self.said.append({"who": who, "text": text, "at": now().isoformat()})

    def parameters(self) -> dict[str, str]:
        """What every request about this call carries: https://www.twilio.com/docs/voice/twiml#request-parameters."""
        known = {
            "CallSid": self.sid,
            "AccountSid": ACCOUNT_SID,
            "From": self.from_,
            "To": self.to,
            "Caller": self.from_,
            "Called": self.to,
            "CallStatus": self.status,
            "ApiVersion": API_VERSION,
            "Direction": self.direction,
        }
        if self.parent is not None:
            known["ParentCallSid"] = self.parent
        if self.answered_by is not None:
            known["AnsweredBy"] = self.answered_by
        return known

    def as_json(self) -> dict[str, Any]:
        path = f"/{API_VERSION}/Accounts/{ACCOUNT_SID}/Calls/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT_SID,
            "parent_call_sid": self.parent,
            "api_version": API_VERSION,
            "to": self.to,
            "to_formatted": self.to,
            "from": self.from_,
            "from_formatted": self.from_,
            "phone_number_sid": None,
            "status": self.status,
            "direction": self.direction,
            "answered_by": self.answered_by,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.ended or self.answered or self.created),
            "start_time": rfc2822(self.answered or self.created),
            "end_time": rfc2822(self.ended),
            "duration": str(self.seconds) if self.over else None,
            "price": None,
            "price_unit": "USD",
            "caller_name": None,
            "forwarded_from": None,
            "group_sid": None,
            "trunk_sid": None,
            "annotation": None,
            "queue_time": "0",
            "uri": f"{path}.json",
            "subresource_uris": {"recordings": f"{path}/Recordings.json"},
        }
