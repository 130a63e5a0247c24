"""The sandbox as a child process on free ports, and a small client for its control API."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.ports import free_three

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Said:
    """An answer of the control API."""

    status: int
    body: Any


@dataclass(frozen=True)
class RunningSandbox:
    """`address` is the base URL, `ledger_file` what it writes beside the answers of `/ledger`."""

    address: str
    port: int
    process: subprocess.Popen[str]
    ledger_file: Path

    @property
    def speech_address(self) -> str:
        return f"127.0.0.1:{self.port + 1}"

    @property
    def mail_port(self) -> int:
        return self.port + 2

    def ask(self, method: str, path: str, body: Any = None) -> Said:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.address + path, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urlopen(request, timeout=30) as response:
                return Said(response.status, json.loads(response.read()))
        except HTTPError as error:
            with error:
                return Said(error.code, json.loads(error.read()))

    def post(self, path: str, **body: Any) -> Any:
        said = self.ask("POST", path, body)
        assert said.status == 200, said
        return said.body

    def get(self, path: str) -> Any:
        said = self.ask("GET", path)
        assert said.status == 200, said
        return said.body

    def ledger(self, provider: str | None = None, method: str | None = None) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.get("/ledger")
        return [one for one in entries if provider in (None, one["provider"]) and method in (None, one["method"])]


@contextmanager
def sandbox_running(
    product: str, ledger_file: Path, options: Sequence[str] = (), *, port: int | None = None
) -> Iterator[RunningSandbox]:
    port = port or free_three()
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--product", product]
    command += ["--ledger", str(ledger_file), *options]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            assert "ready" in process.stdout.readline()
            yield RunningSandbox(f"http://127.0.0.1:{port}", port, process, ledger_file)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)
