"""A local server: how it is prepared, run and found ready; and running one for a while."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from app.services.errors import ServiceError
from app.services.lock import Lock
from app.services.process import Process, Program
from app.services.record import end_leftovers

TRIES, PAUSE_SECONDS = 3, 0.5
START_SECONDS = 30.0


class Service(Protocol):
    """`url` is what the setting of the same server takes; it is valid once `ready` said yes."""

    name: str

    @property
    def url(self) -> str: ...

    def program(self) -> Program:
        """Folders and files are made as needed; the same again after a crash. Raises: ServiceError."""

    def ready(self) -> bool: ...


def start(service: Service, *, data_dir: Path) -> Process:
    """The running server, ready. Its output is in `logs/NAME.log`. Raises: ServiceError.

    Tried more than once, since what a killed server left behind may take a moment to go away.
    """
    for _ in range(TRIES - 1):
        try:
            return _start(service, data_dir)
        except ServiceError:
            time.sleep(PAUSE_SECONDS)
    return _start(service, data_dir)


def _start(service: Service, data_dir: Path) -> Process:
    process = Process(service.program(), data_dir=data_dir)
    with log_file(data_dir, service.name).open("wb") as output:
        process.start(output)
    deadline = time.monotonic() + START_SECONDS
    while not service.ready():
        if process.exit_code is not None or time.monotonic() > deadline:
            process.stop()
            raise ServiceError(f"{service.name} does not start: {last_words(data_dir, service.name)}")
        time.sleep(0.05)
    return process


@contextmanager
def running(services: Sequence[Service], *, data_dir: Path) -> Iterator[None]:
    """The services run inside the block; what an earlier, killed run left behind is ended first."""
    with Lock(data_dir), ExitStack() as stack:
        end_leftovers(data_dir)
        for service in services:
            stack.callback(start(service, data_dir=data_dir).stop)
        yield


def log_file(data_dir: Path, name: str) -> Path:
    path = data_dir / "logs" / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def last_words(data_dir: Path, name: str) -> str:
    """The end of a server's log, for an error message that names the file too."""
    path = log_file(data_dir, name)
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return f"{lines[-1] if lines else 'it says nothing'} (all of it in {path})"
