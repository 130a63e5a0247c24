"""Keeps the parts of the product running on one machine, and ends them all together."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from app.console import RED, Console
from app.parent import STOP
from app.part import Part
from app.services.errors import ServiceError
from app.watched import Watched

TICK_SECONDS = 0.05
GRACE_SECONDS = 4.0


class Supervisor:
    """`run` returns when a signal came or a part could not start; nothing of ours runs then."""

    def __init__(self, parts: Sequence[Part], *, data_dir: Path, console: Console) -> None:
        self._watched = {part.name: Watched(part, data_dir=data_dir, console=console) for part in parts}
        self._console = console
        self._signals = 0

    def run(self, when_ready: Callable[[], None]) -> int:
        """The exit code: 0 after a signal, 1 when a part could not start. `when_ready` is called once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        signal.signal(STOP, self._on_stop)
        announced = False
        try:
            while not self._signals and not self._console.broken.is_set():
                self._step()
                if not announced and all(watched.ready for watched in self._watched.values()):
                    announced = True
                    when_ready()
                time.sleep(TICK_SECONDS)
        except ServiceError as error:
            self._console.say("tocsin", str(error), colour=RED)
            return 1
        finally:
            self._stop()
        return 0

    def _step(self) -> None:
        for watched in self._watched.values():
            if watched.running or all(self._watched[name].ready for name in watched.part.after):
                watched.step()

    def _stop(self) -> None:
        """Who leans on others ends first. A second signal ends the waiting."""
        signals = self._signals
        self._console.say("tocsin", "stopping")
        for wave in self._waves():
            for watched in wave:
                watched.ask_to_stop()
            deadline = time.monotonic() + GRACE_SECONDS
            for watched in wave:
                watched.finish(deadline, hurried=lambda: self._signals > signals)
        self._console.say("tocsin", "stopped")

    def _waves(self) -> list[list[Watched]]:
        """First what nobody needs, last what needs nobody."""
        leaning = [watched for watched in self._watched.values() if watched.part.after]
        return [leaning, [watched for watched in self._watched.values() if not watched.part.after]]

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self._signals = max(self._signals, 1)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
