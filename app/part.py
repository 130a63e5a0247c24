"""A part of the running product: what it is called, what to run, how one sees that it is ready."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from app.services.process import Program


@dataclass(frozen=True)
class Part:
    """`program` is asked at each start, after the parts in `after` are ready.

    Without `ready` it must say the event "ready". A part that runs `once` is ready when it ended well.
    The output of a `quiet` one goes to a file of its own.
    """

    name: str
    program: Callable[[], Program]
    ready: Callable[[], bool] | None = None
    after: tuple[str, ...] = ()
    once: bool = False
    quiet: bool = False


def answers(url: str) -> Callable[[], bool]:
    """Ready when this address answers with success."""

    def ready() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=1.0) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    return ready
