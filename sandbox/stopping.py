"""SIGTERM and Ctrl-C end the process with code 0 once the server has shut down."""

import signal
from types import FrameType


def stop_quietly() -> None:
    """The server raises the signal again after its shutdown, for whoever listened before it; nobody does then."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _nothing)


def _nothing(number: int, frame: FrameType | None) -> None:
    return None
