"""The whole product in a folder of its own, with its servers: `python -m app up`, as `make run` starts it."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine

from app.services.chroma import Chroma
from app.services.postgres import Postgres
from app.services.redis import Redis
from app.services.service import running
from benchmarks.stage.ports import free_port

ROOT = Path(__file__).parent.parent.parent
STARTS_WITHIN = 180.0
STOPS_WITHIN = 20.0


@dataclass(frozen=True)
class Servers:
    """PostgreSQL, Redis and Chroma, running; `environment` is what the product is told of them."""

    postgres: Postgres
    environment: dict[str, str]


@dataclass(frozen=True)
class Product:
    """`database` reads what the product wrote; `process` is the supervisor, all processes are below it."""

    address: str
    sandbox: str
    key: str
    database: Engine
    process: int
    environment: dict[str, str]


@contextmanager
def servers() -> Iterator[Servers]:
    with TemporaryDirectory(prefix="tocsin-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        postgres, redis, chroma = Postgres(folder), Redis(folder), Chroma(folder)
        with running([postgres, redis, chroma], data_dir=folder):
            yield Servers(postgres, {"REDIS_URL": redis.url, "CHROMA_URL": chroma.url})


@contextmanager
def product(servers: Servers, *, sandbox: bool) -> Iterator[Product]:
    """On an empty database of its own. Without the sandbox there is no provider: triage, and pages that nobody gets."""
    port, sandbox_port = free_port(), free_port(row=3)
    key = secrets.token_urlsafe(16)
    url = servers.postgres.create_database(f"bench_{secrets.token_hex(4)}")
    with TemporaryDirectory(prefix="tocsin-bench-", ignore_cleanup_errors=True) as folder:
        environment = {
            **os.environ,
            **servers.environment,
            "DATABASE_URL": url,
            "DATA_DIR": folder,
            "PORT": str(port),
            "SANDBOX_PORT": str(sandbox_port),
            "SANDBOX": str(int(sandbox)),
            "ADMIN_API_KEY": key,
            "NO_COLOR": "1",
            "PYTHONUNBUFFERED": "1",
        }
        with child(
            ["-m", "app", "up", "--with-parent"], environment, Path(folder) / "output", ready="Tocsin is ready"
        ) as process:
            database = eyes(url)
            try:
                addresses = (f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}")
                yield Product(*addresses, key, database, process.pid, environment)
            finally:
                database.dispose()


def eyes(url: str) -> Engine:
    """Sees the rows of all organizations."""
    return create_engine(url, connect_args={"options": "-c tocsin.organization=*"})


@contextmanager
def child(
    arguments: Sequence[str], environment: dict[str, str], log: Path, *, ready: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program from when it says `ready` to the end of the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        eventually(
            lambda: process.poll() is not None or ready.encode() in log.read_bytes(),
            within=STARTS_WITHIN,
            saying=f"{arguments} is not ready",
        )
        if process.poll() is not None:
            raise RuntimeError(f"{arguments} ended:\n{log.read_text(errors='replace')[-4000:]}")
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):  # It ended just now.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def eventually(fact: Callable[[], bool], *, within: float, saying: str, every: float = 0.1) -> None:
    """Raises: RuntimeError when it is not so in time."""
    ends = time.monotonic() + within
    while not fact():
        if time.monotonic() > ends:
            raise RuntimeError(f"{saying} (after {within:.0f} s)")
        time.sleep(every)
