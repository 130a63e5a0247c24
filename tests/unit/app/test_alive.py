"""`python -m app.alive` as a health check of a container runs it."""

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.alive import LATEST_SECONDS


def code(what: str, **environment: str) -> int:
    return subprocess.run([sys.executable, "-m", "app.alive", what], env=environment, check=False).returncode


def test_a_file_that_was_touched_lately_is_well(tmp_path: Path) -> None:
    (tmp_path / "alive").touch()
    assert code(str(tmp_path / "alive")) == 0


def test_an_old_file_and_a_missing_one_are_not(tmp_path: Path) -> None:
    old = time.time() - LATEST_SECONDS - 1
    (tmp_path / "alive").touch()
    os.utime(tmp_path / "alive", (old, old))
    assert code(str(tmp_path / "alive")) == 1
    assert code(str(tmp_path / "missing")) == 1


@pytest.mark.parametrize(("status", "expected"), [(200, 0), (503, 1)])
def test_an_address_is_well_when_it_answers_with_success_and_no_proxy_is_asked(status: int, expected: int) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/api/health"
        assert code(address, http_proxy="http://127.0.0.1:1") == expected
    assert code(address) == 1
