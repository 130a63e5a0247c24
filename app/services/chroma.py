"""Chroma: one server for all processes, on a port of its own that it keeps over restarts."""

import sys
import urllib.error
import urllib.request
from pathlib import Path

from app.services.ports import free_port, is_free
from app.services.process import Program
from app.services.sockets import private_folder

START = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"


class Chroma:
    name = "chroma"

    def __init__(self, data_dir: Path) -> None:
        self._folder = private_folder(data_dir.absolute() / "chroma")
        self._kept = self._folder / "port"
        self._port = int(self._kept.read_text()) if self._kept.exists() else 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def program(self) -> Program:
        """On the same port as before, unless somebody else took it meanwhile."""
        if not self._port or not is_free(self._port):
            self._port = free_port()
            self._kept.write_text(str(self._port))
        arguments = ["run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        return Program(self.name, [sys.executable, "-c", START, *arguments], folder=self._folder)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1.0) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False
