"""One part under watch: started, found ready, started again after a death, with growing pauses."""

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.console import RED, Console, event_of
from app.part import Part
from app.services.errors import ServiceError
from app.services.process import Process
from app.services.service import last_words, log_file

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
TRIES_BEFORE_READY = 3
START_SECONDS = 90.0
LAST_LINES_SECONDS = 0.5
STEADY_SECONDS = 60.0
"""Who lived this long after being ready has recovered; its next pause is the first again."""


class Watched:
    """`step` is called again and again, always by the same thread."""

    def __init__(self, part: Part, *, data_dir: Path, console: Console) -> None:
        self.part = part
        self.ready = False
        self.done = False
        self._data_dir = data_dir
        self._console = console
        self._process: Process | None = None
        self._reader: threading.Thread | None = None
        self._said_ready = threading.Event()
        self._deaths = 0
        self._was_ready = False
        self._started = self._ready_since = self._next_start = 0.0

    def step(self) -> None:
        """Raises: ServiceError when the part never came up and trying on would not help."""
        if self.done:
            return
        if self._process is None:
            if time.monotonic() >= self._next_start:
                self._start()
        elif self._process.exit_code is not None:
            self._ended(self._process.exit_code)
        elif not self.ready:
            self._look()

    def ask_to_stop(self) -> None:
        if self._process:
            self._process.ask_to_stop()

    @property
    def running(self) -> bool:
        return self._process is not None

    def finish(self, until: float, hurried: Callable[[], bool]) -> None:
        """Wait for the end it was asked for until that time or until hurried, then end it."""
        if self._process is None:
            return
        while not (ended := self._process.wait(0.05)) and time.monotonic() < until and not hurried():
            continue
        if not ended:
            self._console.say(self.part.name, "does not stop by itself and is killed", colour=RED)
        self.kill()

    def kill(self) -> None:
        if self._process:
            self._process.kill()
        self._process = None
        self.ready = False

    def _start(self) -> None:
        self._started = time.monotonic()
        self._said_ready.clear()
        process = Process(self.part.program(), data_dir=self._data_dir)
        if self.part.quiet:
            with log_file(self._data_dir, self.part.name).open("wb") as output:
                process.start(output)
        else:
            process.start(subprocess.PIPE)
            self._reader = threading.Thread(target=self._read, args=(process,), daemon=True)
            self._reader.start()
        self._process = process

    def _read(self, process: Process) -> None:
        if process.lines is None:
            return
        with process.lines as lines:
            for line in lines:
                self._heard(line.rstrip())

    def _heard(self, line: str) -> None:
        event = event_of(line)
        if event is not None and event["event"] == "ready":
            self._said_ready.set()
        elif line:
            self._console.say_from_child(self.part.name, line)

    def _look(self) -> None:
        if not self.part.once and (self.part.ready() if self.part.ready else self._said_ready.is_set()):
            self.ready = self._was_ready = True
            self._ready_since = time.monotonic()
            self._console.say(self.part.name, f"ready after {self._ready_since - self._started:.1f} s")
        elif time.monotonic() - self._started > START_SECONDS:
            self._console.say(self.part.name, f"is not ready after {START_SECONDS:.0f} s and is killed", colour=RED)
            self.kill()
            self._died("was not ready in time")

    def _ended(self, exit_code: int) -> None:
        if self._reader:
            self._reader.join(LAST_LINES_SECONDS)
        if self.part.once and exit_code == 0:
            self.kill()
            self.ready = self.done = True
            self._console.say(self.part.name, f"done after {time.monotonic() - self._started:.1f} s")
            return
        if self.ready and time.monotonic() - self._ready_since > STEADY_SECONDS:
            self._deaths = 0
        self.kill()
        self._died(f"ended by signal {-exit_code}" if exit_code < 0 else f"ended with code {exit_code}")

    def _died(self, how: str) -> None:
        self._deaths += 1
        if not self._was_ready and (self.part.once or self._deaths >= TRIES_BEFORE_READY):
            says = last_words(self._data_dir, self.part.name) if self.part.quiet else "see its lines above"
            raise ServiceError(f"{self.part.name} does not start ({how}): {says}")
        pause = min(FIRST_PAUSE * 2 ** (self._deaths - 1), LONGEST_PAUSE)
        self._next_start = time.monotonic() + pause
        self._console.say(self.part.name, f"{how}; it is started again in {pause:.1f} s", colour=RED)
