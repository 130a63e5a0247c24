"""The processes of one design, each started again half a second after its death; and how they are killed."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from app.part import Part
from app.services.process import Process
from app.services.service import log_file
from tests.play import eventually

PAUSE = 0.5
STARTS_WITHIN = 90.0


class House:
    """Both designs get the same care: a supervisor that waits longer after each death would be a fault of its own."""

    def __init__(self, parts: Sequence[Part], data_dir: Path, *, begun: Callable[[], None]) -> None:
        self._parts = list(parts)
        self._data_dir = data_dir
        self._begun = begun
        self._running: dict[str, Process] = {}
        self._ready: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="house")

    def __enter__(self) -> Self:
        self._thread.start()
        eventually(lambda: len(self._ready) == len(self._parts), within=STARTS_WITHIN, saying="it did not start")
        self._begun()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def kill(self, *names: str) -> None:
        """SIGKILL to all processes of these parts at the same moment."""
        for pid in [pid for name in names for pid in self._pids(name)]:
            _kill(pid)

    def kill_one(self, *names: str, chance: random.Random) -> None:
        """SIGKILL to one process among those of these parts: a worker, or a child of one."""
        pids = [pid for name in names for pid in self._pids(name)]
        if pids:
            _kill(chance.choice(pids))

    def _pids(self, name: str) -> list[int]:
        process = self._running.get(name)
        return [process.pid, *_children(process.pid)] if process is not None and process.pid else []

    def _keep(self) -> None:
        """One thread starts all: the leash of a child is tied to the thread that started it."""
        died: dict[str, float] = {}
        while not self._over.wait(0.05):
            for part in self._parts:
                process = self._running.get(part.name)
                if process is None:
                    if self._ready.issuperset(part.after) and time.monotonic() - died.get(part.name, 0) > PAUSE:
                        self._running[part.name] = self._start(part)
                elif process.exit_code is not None and not (part.once and process.exit_code == 0):
                    process.kill()
                    died[part.name] = time.monotonic()
                    del self._running[part.name]
                elif part.name not in self._ready and _is_ready(part, process):
                    self._ready.add(part.name)
        for process in reversed(list(self._running.values())):
            process.stop(grace=3.0)

    def _start(self, part: Part) -> Process:
        process = Process(part.program(), data_dir=self._data_dir)
        with log_file(self._data_dir, part.name).open("ab") as output:
            process.start(output)
        return process


def _is_ready(part: Part, process: Process) -> bool:
    if part.once:
        return process.exit_code == 0
    return part.ready() if part.ready is not None else True


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # It ended just now.
        os.kill(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    with suppress(FileNotFoundError, ProcessLookupError):  # It ended just now.
        found = [task.joinpath("children").read_text().split() for task in Path(f"/proc/{pid}/task").iterdir()]
        return [int(word) for words in found for word in words]
    return []
