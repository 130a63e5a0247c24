"""A supervisor with stand-in parts in the folder given: plain programs in the place of web, worker and sandbox."""

import sys
from pathlib import Path

from app.console import Console
from app.parent import follow_parent
from app.part import Part
from app.services.process import Program
from app.supervisor import Supervisor

SAYS_READY = """
import time
print('{"event": "ready"}', flush=True)
print('{"event": "asked", "level": "warning", "timestamp": "2026-11-21T12:03:04Z", "job": 7}', flush=True)
time.sleep(600)
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + SAYS_READY
PREPARES = "import pathlib, sys; pathlib.Path(sys.argv[1], 'prepared').touch()"
FAILS = "import sys; sys.exit('no such table')"


def part(name: str, code: str, folder: Path, **more: object) -> Part:
    program = Program(name, [sys.executable, "-u", "-c", code, str(folder)])
    return Part(name, lambda: program, **more)  # type: ignore[arg-type]  # Passed on as they are.


PLAYS = {
    "well": lambda folder: [
        part("prepare", PREPARES, folder, once=True),
        part("worker", SAYS_READY, folder, after=("prepare",)),
        part("other", SAYS_READY, folder, ready=(folder / "prepared").exists),
    ],
    "stubborn": lambda folder: [part("worker", STUBBORN, folder)],
    "unprepared": lambda folder: [
        part("other", SAYS_READY, folder),
        part("prepare", FAILS, folder, once=True),
        part("worker", SAYS_READY, folder, after=("prepare",)),
    ],
    "never": lambda folder: [part("worker", FAILS, folder), part("other", SAYS_READY, folder)],
}

if __name__ == "__main__":
    if sys.argv[3:] == ["--with-parent"]:
        follow_parent()
    console = Console()
    parts = PLAYS[sys.argv[2]](Path(sys.argv[1]))
    supervisor = Supervisor(parts, data_dir=Path(sys.argv[1]), console=console)
    sys.exit(supervisor.run(when_ready=lambda: console.block("All is ready.", [("product", "http://127.0.0.1:1")])))
