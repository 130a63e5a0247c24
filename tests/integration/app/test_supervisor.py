"""The supervisor starts parts in order, brings back who dies, and leaves nothing when it ends, however it ends."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest

ROOT = Path(__file__).parents[3]
PLAY = Path(__file__).with_name("play.py")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tocsin-test-") as name:
        yield Path(name)


class Played:
    """A supervisor of stand-in parts, and what it said so far."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self.process = process
        self.said: list[str] = []
        self._folder = folder

    def read_until(self, text: str) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if text in line:
                return
        pytest.fail(f"never said {text!r}, but:\n" + "\n".join(self.said))

    def read_all(self) -> str:
        assert self.process.stdout
        self.said += [line.rstrip() for line in self.process.stdout]
        return "\n".join(self.said)

    def pid(self, part: str) -> int:
        return int(json.loads((self._folder / "run" / f"{part}.json").read_text())["pid"])

    def pids(self) -> list[int]:
        return [self.pid(record.stem) for record in (self._folder / "run").glob("*.json")]


@contextmanager
def played(folder: Path, play: str) -> Iterator[Played]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    command = [sys.executable, str(PLAY), str(folder), play]
    with subprocess.Popen(command, stdout=PIPE, stderr=STDOUT, text=True, env=environment) as process:
        try:
            yield Played(process, folder)
        finally:
            process.kill()


def alive(pids: list[int], seconds: float = 5.0) -> list[int]:
    """Who is still there after at most so long."""
    deadline = time.monotonic() + seconds
    while (left := [pid for pid in pids if _runs(pid)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_parts_come_up_in_order_and_a_signal_ends_them(folder: Path, number: int) -> None:
    with played(folder, "well") as it:
        it.read_until("http://127.0.0.1:1")
        pids = it.pids()
        assert len(pids) == 2
        it.process.send_signal(number)
        said = it.read_all()
        assert it.process.wait(10) == 0
    assert alive(pids, seconds=0) == []
    assert said.index("done after") < said.index("worker          ready after")
    assert "worker          12:03:04 asked job=7" in said


def test_a_part_that_dies_is_started_again(folder: Path) -> None:
    with played(folder, "well") as it:
        it.read_until("http://127.0.0.1:1")
        first = it.pid("worker")
        os.kill(first, signal.SIGKILL)
        it.read_until("ended by signal 9; it is started again in 0.5 s")
        it.read_until("worker          ready after")
        assert it.pid("worker") != first
        it.process.send_signal(signal.SIGINT)
        assert it.process.wait(10) == 0


def test_a_part_that_does_not_stop_is_killed_within_ten_seconds(folder: Path) -> None:
    with played(folder, "stubborn") as it:
        it.read_until("http://127.0.0.1:1")
        pids, asked = it.pids(), time.monotonic()
        it.process.send_signal(signal.SIGINT)
        it.read_until("does not stop by itself and is killed")
        assert it.process.wait(10) == 0
        assert time.monotonic() - asked < 12
    assert alive(pids, seconds=0) == []


def test_a_second_signal_kills_at_once(folder: Path) -> None:
    with played(folder, "stubborn") as it:
        it.read_until("http://127.0.0.1:1")
        asked = time.monotonic()
        it.process.send_signal(signal.SIGINT)
        it.read_until("stopping")
        it.process.send_signal(signal.SIGINT)
        assert it.process.wait(10) == 0
        assert time.monotonic() - asked < 8


def test_a_killed_supervisor_takes_its_parts_along(folder: Path) -> None:
    with played(folder, "well") as it:
        it.read_until("http://127.0.0.1:1")
        pids = it.pids()
        it.process.kill()
    assert alive(pids) == []


@pytest.mark.parametrize(("play", "part"), [("unprepared", "prepare"), ("never", "worker")])
def test_a_part_that_cannot_start_ends_the_run_with_one_line_that_says_so(folder: Path, play: str, part: str) -> None:
    with played(folder, play) as it:
        said = it.read_all()
        assert it.process.wait(10) == 1
        pids = it.pids()
    assert f"{part} does not start (ended with code 1)" in said
    assert "no such table" in said
    assert pids == []


def test_it_stops_when_nobody_reads_its_log(folder: Path) -> None:
    with played(folder, "well") as it:
        it.read_until("http://127.0.0.1:1")
        pids = it.pids()
        assert it.process.stdout
        it.process.stdout.close()
        os.kill(it.pid("worker"), signal.SIGKILL)
        assert it.process.wait(20) == 0
    assert alive(pids) == []


def up(folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder), **settings}
    command = [sys.executable, "-m", "app", "up"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False, timeout=60)


def test_up_says_which_port_is_in_use(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", LISTEN], stdout=PIPE, text=True) as listener:
        assert listener.stdout
        port = listener.stdout.readline().strip()
        told = up(folder, PORT=port)
        listener.kill()
    assert told.returncode == 1
    assert told.stderr.strip() == f"Port {port} is in use: stop what uses it, or set PORT to another."


def test_up_tells_all_wrong_settings(folder: Path) -> None:
    told = up(folder, PORT="http", PUBLIC_URL="here")
    assert told.returncode == 1
    assert told.stderr.count("\n") == 2


def test_up_names_a_data_folder_that_cannot_be_written(folder: Path) -> None:
    told = up(folder, DATA_DIR="/proc/none")
    assert told.returncode == 1
    assert "/proc/none cannot be written" in told.stderr


LISTEN = """
import socket, time
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_ends_make_ends_us(folder: Path, number: int) -> None:
    """A terminal interrupts make and us together; a program may send the signal to make alone."""
    command = f"{sys.executable} {PLAY} {folder} well --with-parent"
    (folder / "Makefile").write_text(f"run:\n\t@{command}\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    with subprocess.Popen(
        # Whoever runs the tests in the background of a script has them ignore interrupts, and so would make.
        ["env", "--default-signal=INT", "make", "-C", folder, "run"],
        stdout=PIPE,
        stderr=STDOUT,
        text=True,
        env=environment,
    ) as make:
        it = Played(make, folder)
        it.read_until("http://127.0.0.1:1")
        pids = it.pids()
        make.send_signal(number)
        make.wait(10)
        assert "tocsin          stopped" in it.read_all()
    assert alive(pids) == []
