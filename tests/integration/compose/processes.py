"""A service of docker-compose.yml as a process on this machine: the same command, environment and health check."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.compose import image

PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Place:
    """Where a container would be: `tree` is the image's source, `places` says what its addresses and paths are here."""

    tree: Path
    places: Mapping[str, str]

    def here(self, text: str) -> str:
        inside = "|".join(re.escape(name) for name in self.places)
        return re.sub(inside, lambda found: self.places[found[0]], text)


class Container:
    """A service's process. It sees its own environment and nothing of this one's."""

    def __init__(self, name: str, service: Mapping[str, Any], place: Place, folder: Path) -> None:
        self.name = name
        self._service = service
        self._temporary = folder / name
        self._temporary.mkdir()
        self._place = Place(place.tree, {**place.places, "/tmp": str(self._temporary)})
        self._log = folder / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(
                self._command(self._service["command"]),
                cwd=self._place.tree,
                env=self._environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def run(self) -> int:
        """To its end; the exit code."""
        self.start()
        assert self.process is not None
        return self.process.wait(120)

    def says_ready(self) -> bool:
        return '"event": "ready"' in self.says()

    def is_well(self) -> bool:
        """What its health check says."""
        how, *command = self._service["healthcheck"]["test"]
        assert how == "CMD"
        done = subprocess.run(
            self._command(command),
            cwd=self._place.tree,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            check=False,
        )
        return done.returncode == 0

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """It is there, and does nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def age(self, by: float) -> None:
        """As if it had last said so many seconds ago that it is alive."""
        then = time.time() - by
        os.utime(self._temporary / "alive", (then, then))

    def ask_to_stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    def ended(self, *, within: float) -> int:
        assert self.process is not None
        return self.process.wait(within)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def says(self) -> str:
        return self._log.read_text(errors="replace")

    def _environment(self) -> dict[str, str]:
        given = image.environment() | self._service["environment"] | {"PATH": f"{PROGRAMS}:/usr/bin:/bin"}
        return {name: self._place.here(value) for name, value in given.items()}

    def _command(self, command: Sequence[str]) -> list[str]:
        program, *arguments = [self._place.here(part) for part in command]
        return [str(PROGRAMS / program), *arguments]
