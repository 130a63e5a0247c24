"""Trigger ids: what a person's click or command allows the app to open, once and for 3 s."""

import secrets
import time
from dataclasses import dataclass

from sandbox.slack.errors import SlackError

SECONDS = 3.0


@dataclass
class Trigger:
    """`view` is the modal in which the person clicked, when it was one."""

    user: str
    made: float
    view: str | None = None
    used: bool = False


class Triggers:
    def __init__(self) -> None:
        self._known: dict[str, Trigger] = {}

    def make(self, user: str, view: str | None = None) -> str:
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._known[trigger_id] = Trigger(user, time.monotonic(), view)
        return trigger_id

    def use(self, trigger_id: str) -> Trigger:
        """Raises: SlackError."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.made > SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
