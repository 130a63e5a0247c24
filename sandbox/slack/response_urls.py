"""Response URLs: five answers within thirty minutes. https://docs.slack.dev/interactivity/handling-user-interaction"""

import secrets
import time
from dataclasses import dataclass

from sandbox.slack.errors import SlackError

USES = 5
SECONDS = 30 * 60.0


@dataclass
class Place:
    """Where an answer belongs: to whom, and below or instead of which message."""

    channel: str
    user: str
    message_ts: str | None
    thread_ts: str | None
    made: float
    uses: int = 0


class ResponseUrls:
    def __init__(self, address: str, team: str) -> None:
        self._team = team
        self._address = address
        self._places: dict[str, Place] = {}

    def make(self, channel: str, user: str, message_ts: str | None = None, thread_ts: str | None = None) -> str:
        path = f"{self._team}/{secrets.randbelow(10**13)}/{secrets.token_urlsafe(18)}"
        self._places[path] = Place(channel, user, message_ts, thread_ts, time.monotonic())
        return f"{self._address}/slack/response/{path}"

    def place(self, path: str) -> Place:
        return self._places[path]

    def use(self, path: str) -> Place:
        """Raises: SlackError."""
        place = self._places.get(path)
        if place is None:
            raise SlackError("invalid_url")
        if time.monotonic() - place.made > SECONDS:
            raise SlackError("expired_url")
        if place.uses >= USES:
            raise SlackError("used_url")
        place.uses += 1
        return place
