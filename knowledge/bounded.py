"""A time limit for calls that keep none of their own: SDKs limit a pause between two bytes, not the whole answer."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from datetime import timedelta
from threading import Thread
from typing import TypeVar

Answer = TypeVar("Answer")


def within(limit: timedelta, ask: Callable[[], Answer]) -> Answer:
    """Raises: TimeoutError when `ask` takes longer. It ends in its thread then, and nobody hears what it says."""
    said: Future[Answer] = Future()

    def run() -> None:
        try:
            said.set_result(ask())
        except BaseException as error:  # noqa: BLE001  # It is raised where it was asked for.
            said.set_exception(error)

    # A daemon: it must not keep a process from ending. One whose provider hangs is not asked for long (breaker).
    Thread(target=copy_context().run, args=(run,), name="model", daemon=True).start()
    if not wait([said], limit.total_seconds()).done:
        raise TimeoutError(f"no answer within {limit.total_seconds():g} s")
    return said.result()
