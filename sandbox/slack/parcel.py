"""What is brought to the app, and what the app said to it, whichever way it went."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sandbox.slack.state import Json

COMMAND, INTERACTION, EVENT = "slash_commands", "interactive", "events_api"


@dataclass(frozen=True)
class Parcel:
    """`kind` is Socket Mode's word. `retry` counts from 1; `reason` is why the delivery before failed."""

    kind: str
    method: str
    payload: Json
    retry: int = 0
    reason: str = ""

    def again(self, reason: str) -> "Parcel":
        return replace(self, retry=self.retry + 1, reason=reason)

    def noted(self) -> Json:
        """As the ledger keeps it."""
        return {**self.payload, "retry": self.retry, "reason": self.reason} if self.retry else self.payload


@dataclass(frozen=True)
class Answer:
    """`status` is None when there was none; `failure` is Slack's word for why, also for a status that is not 2xx."""

    method: str
    status: int | None
    body: str = ""
    failure: str | None = None
    no_retry: bool = False

    def shown(self) -> dict[str, Any]:
        return {"status": self.status, "body": _as_json(self.body), "failure": self.failure}


def _as_json(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
