"""Chroma: one server for all processes, on a port of its own that it keeps over restarts."""

import sys
import urllib.error
import urllib.request
from pathlib import Path

from app.services.ports import free_port
from app.services.process import Program
from app.services.sockets import private_folder

START = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"


class Chroma:
    name = "chroma"

    def __init__(self, data_dir: Path) -> None:
        self._folder = private_folder(data_dir.absolute() / "chroma")
        self._port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def program(self) -> Program:
        arguments = ["run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        return Program(self.name, [sys.executable, "-c", START, *arguments], folder=self._folder)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1.0) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False
