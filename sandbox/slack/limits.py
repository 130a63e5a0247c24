"""Slack's rate limits: so many calls of a method within a window. https://docs.slack.dev/apis/web-api/rate-limits"""

import math
import time
from collections import deque
from dataclasses import dataclass

from sandbox.slack.errors import RateLimited


@dataclass(frozen=True)
class Window:
    calls: int
    seconds: float


TIER_2 = Window(20, 60)
TIER_3 = Window(50, 60)
TIER_4 = Window(100, 60)
SPECIAL = Window(600, 60)
# One message a second and channel; a burst of ten is let through.
MESSAGES = Window(10, 10)


class Limits:
    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def pass_or_refuse(self, method: str, window: Window, part: str = "") -> None:
        """Raises: RateLimited. A refused call does not count. `part` is the channel, where the limit is per channel."""
        now = time.monotonic()
        calls = self._calls.setdefault((method, part), deque())
        while calls and calls[0] <= now - window.seconds:
            calls.popleft()
        if len(calls) >= window.calls:
            raise RateLimited(max(1, math.ceil(calls[0] + window.seconds - now)))
        calls.append(now)
