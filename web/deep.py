"""Asks every part how it is, in parallel and with a time limit, and remembers the answers for some seconds."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial

from app.bootstrap import Checked, Providers, check_redis, checks
from app.settings import Settings

FRESH_SECONDS = 15.0
PATIENCE_SECONDS = 8.0
NOT_ASKED_YET = "it has not been asked yet; ask again in some seconds"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a part said and when, in this process's own seconds."""

    checked: Checked
    at: float


class Asking:
    """Whoever asks gets answers that are at most `FRESH_SECONDS` old. One asker at a time makes the parts answer.

    All others get what is known, so that nobody can hammer the providers or take all threads by asking. A part that
    still owes an answer is not asked again before it gave it.
    """

    def __init__(self, checks: Mapping[str, Callable[[], Checked]]) -> None:
        self._checks = checks
        self._asking = threading.Lock()
        self._pool = ThreadPoolExecutor(len(checks), thread_name_prefix="check")
        self._open: dict[str, Future[Checked]] = {}
        self._known: dict[str, Answer] = {}

    def ask(self) -> list[Checked]:
        """What each part says, in the order of the checks."""
        if self._asking.acquire(blocking=False):
            try:
                self._ask_old()
            finally:
                self._asking.release()
        return [self._told(name) for name in self._checks]

    def _ask_old(self) -> None:
        asked = []
        for name, check in self._checks.items():
            known = self._known.get(name)
            if name not in self._open and (known is None or time.monotonic() - known.at > FRESH_SECONDS):
                self._open[name] = self._pool.submit(check)
                asked.append(self._open[name])
        wait(asked, timeout=PATIENCE_SECONDS)
        for name, future in list(self._open.items()):
            if future.done():
                del self._open[name]
                checked = future.result()
            else:
                checked = Checked(name, "failing", f"it did not answer within {PATIENCE_SECONDS:.0f} s")
            self._known[name] = Answer(checked, time.monotonic())

    def _told(self, name: str) -> Checked:
        known = self._known.get(name)
        return known.checked if known else Checked(name, "unknown", NOT_ASKED_YET)


def asking(settings: Settings, providers: Providers) -> Asking:
    """Redis and all providers but the model, which costs money to ask."""
    return Asking({"Redis": partial(check_redis, settings), **checks(providers)})
