"""Rounds: the same again every so many seconds until a process is told to stop, whatever goes wrong on the way."""

import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)


def rounds(doing: Callable[[], object], *, every_seconds: float, stopped: threading.Event) -> None:
    """A round that fails is told in the log, and the next one begins as if nothing had been."""
    while not stopped.is_set():
        try:
            doing()
        except SQLAlchemyError as error:
            log.error("database_away", reason=str(error).splitlines()[0])  # noqa: TRY400  # It comes each time.
        except Exception:
            log.exception("round_broke", advice="this is a bug; the next round begins all the same")
        stopped.wait(every_seconds)


def rounds_beside(doing: Callable[[], object], *, every_seconds: float, stopped: threading.Event) -> None:
    """The same in a thread of its own, so that nothing else of the process is kept waiting. Gives back at once."""
    threading.Thread(
        target=rounds,
        args=(doing,),
        kwargs={"every_seconds": every_seconds, "stopped": stopped},
        name=getattr(doing, "__qualname__", "rounds"),
        daemon=True,
    ).start()
