"""Under `make run`: whatever ends make ends us, also an interrupt that was sent to make alone."""

import os
import signal
import threading
import time
from pathlib import Path

from app.services.leash import die_with_parent

LOOK_SECONDS = 0.3
STOP = signal.SIGUSR1
"""Asks the supervisor to stop, and is no second Ctrl-C when it is stopping already."""


def follow_parent() -> None:
    """A killed make takes us along. An interrupted one waits for us, and holds further interrupts back meanwhile."""
    make = os.getppid()
    die_with_parent(signal.SIGTERM, make)
    threading.Thread(target=_stop_when_interrupted, args=(Path(f"/proc/{make}/status"),), daemon=True).start()


def _stop_when_interrupted(status: Path) -> None:
    while status.exists():
        time.sleep(LOOK_SECONDS)
        if _holds_back_interrupts(status):
            os.kill(os.getpid(), STOP)
            return


def _holds_back_interrupts(status: Path) -> bool:
    try:
        told = dict(line.split(":", 1) for line in status.read_text().splitlines())
    except (FileNotFoundError, ProcessLookupError):
        return False
    return bool(int(told["SigBlk"], 16) & 1 << (signal.SIGINT - 1))
