"""One child process: on a leash, in a session of its own, on record for whoever comes after a crash."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.services.record import forget, remember

LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class Program:
    """What to run. `leashed` says that the command itself takes care of ending with its parent."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    folder: Path | None = None
    leashed: bool = False


class Process:
    """`data_dir` keeps the record. The thread that starts it must live on: the leash is tied to the thread."""

    def __init__(self, program: Program, *, data_dir: Path) -> None:
        self.program = program
        self._record = data_dir / "run" / f"{program.name}.json"
        self._popen: subprocess.Popen[str] | None = None

    def start(self, output: IO[bytes] | int) -> None:
        """Standard output and error go to `output`; read them from `lines` when that is a pipe."""
        program = self.program
        leash = [sys.executable, "-I", "-S", str(LEASH), str(int(program.stop_signal)), str(os.getpid())]
        self._popen = subprocess.Popen(
            [*([] if program.leashed else leash), *program.command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=program.folder,
            env=None if program.environment is None else dict(program.environment),
            start_new_session=True,
            text=True,
            errors="replace",
        )
        remember(self._record, pid=self._popen.pid, stop_signal=program.stop_signal)

    @property
    def pid(self) -> int | None:
        return self._popen.pid if self._popen else None

    @property
    def lines(self) -> IO[str] | None:
        return self._popen.stdout if self._popen else None

    @property
    def exit_code(self) -> int | None:
        """None as long as it runs, and before it was started."""
        return self._popen.poll() if self._popen else None

    def ask_to_stop(self) -> None:
        if self._popen and self._popen.poll() is None:
            self._popen.send_signal(self.program.stop_signal)

    def wait(self, seconds: float) -> bool:
        """Did it end in this time?"""
        if self._popen is None:
            return True
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it and whatever it left behind in its session."""
        if self._popen is None:
            return
        with suppress(ProcessLookupError):  # Nothing is left of it.
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        forget(self._record)

    def stop(self, grace: float = 8.0) -> None:
        self.ask_to_stop()
        self.wait(grace)
        self.kill()
