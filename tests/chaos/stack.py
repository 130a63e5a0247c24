"""One whole product with its servers and stand-ins, every connection through a proxy, on ports of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from redis import Redis as Client

from app.services.chroma import Chroma
from app.services.lock import Lock
from app.services.postgres import SOCKET, Postgres
from app.services.process import Process, Program
from app.services.record import end_leftovers
from app.services.redis import Redis
from app.services.service import Service, start
from tests.chaos.house import PREPARED, READY, SWEEPS
from tests.chaos.proxy import Network, Rule
from tests.play import Play, eventually, free_ports

HOUSE = Path(__file__).with_name("house.py")
STARTS_WITHIN = 120.0
PREFIX = {"slack": "/slack/api", "twilio": "/twilio", "jira": "/jira", "model": "/llm"}
"""These share the stand-ins' one port, and are told apart by what their requests begin with."""


class Stack:
    """Up between `__enter__` and `__exit__`; the thread that enters it must live on until then."""

    def __init__(
        self, data_dir: Path, *, tree: Path, seed: int, sweeps: int = 1, socket: bool = False, sound: bool = False
    ) -> None:
        """`sound` says that it is stopped in good order, so that its folder may be copied."""
        self.data_dir = data_dir.absolute()
        self.servers_dir = self.data_dir.parent / f"{self.data_dir.name}-servers"
        self._tree = tree.absolute()
        self._seed = seed
        self._sweeps = sweeps
        self._socket = socket
        self._sound = sound
        self.log = self.data_dir.parent / f"{self.data_dir.name}.log"
        self.network = Network()
        self.port, self._inner = free_ports()
        self._hooks, self._outer = free_ports()
        self._ends = ExitStack()
        self._servers: dict[str, Service] = {}
        self._wires: dict[str, int] = {}
        self._running: dict[str, Process] = {}
        self._stopped: set[str] = set()

    def __enter__(self) -> Self:
        with ExitStack() as ends:
            self._ends = ends
            ends.callback(self.network.close)
            self._start_servers()
            self._connect()
            self._start_ours()
            self.play = Play(self.port, self._inner, self.data_dir)
            ends.callback(self.play.http.close)
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def pids(self, name: str) -> list[int]:
        """The process of a part and its children, by the supervisor's own record."""
        try:
            pid = json.loads((self.data_dir / "run" / f"{name}.json").read_text())["pid"]
        except (FileNotFoundError, ValueError):
            return []
        return [pid, *_children(pid)]

    def kill(self, name: str) -> bool:
        """SIGKILL to all of its processes; False when it does not run."""
        pids = self.pids(name)
        for pid in pids:
            _send(pid, signal.SIGKILL)
        self._stopped.discard(name)
        return bool(pids)

    def stop(self, name: str) -> bool:
        pids = self.pids(name)
        for pid in pids:
            _send(pid, signal.SIGSTOP)
        self._stopped.add(name)
        return bool(pids)

    def go_on(self, name: str) -> None:
        for pid in self.pids(name):
            _send(pid, signal.SIGCONT)
        self._stopped.discard(name)

    def end_server(self, name: str, *, crash: bool) -> None:
        if crash:
            self._running[name].kill()
        else:
            self._running[name].stop()

    def start_server(self, name: str) -> None:
        """Nothing, when it runs already."""
        if name not in self._running or self._running[name].exit_code is not None:
            self._running[name] = start(self._servers[name], data_dir=self.servers_dir)

    def flush_redis(self) -> None:
        """One that is down has nothing to forget that it would not remember from its file."""
        if self._running["redis"].exit_code is not None:
            return
        with Client(unix_socket_path=_path_of(self._servers["redis"].url)) as client:
            client.flushall()

    def rule(self, wire: str, kind: str) -> tuple[str, Rule]:
        """The proxy and the rule that break this connection."""
        if wire in PREFIX:
            return "stand-ins", Rule(kind, of=PREFIX[wire])
        return wire, Rule(kind, seconds=2.0 if kind in ("replay", "reorder") else 0.5)

    def _start_servers(self) -> None:
        self.servers_dir.mkdir(parents=True, exist_ok=True)
        self._ends.enter_context(Lock(self.servers_dir))
        end_leftovers(self.servers_dir)
        for server in (Postgres(self.servers_dir), Redis(self.servers_dir), Chroma(self.servers_dir)):
            self._servers[server.name] = server
            self.start_server(server.name)
            self._ends.callback(self._end, server.name)

    def _end(self, name: str) -> None:
        """At once: the folder is looked at or thrown away, and never started again, unless it is being prepared."""
        if self._sound:
            self._running[name].stop()
            return
        self._running[name].kill()
        if name == "house":
            for record in (self.data_dir / "run").glob("*.json"):
                self.kill(record.stem)

    def _connect(self) -> None:
        """The proxies, before anybody else takes the ports."""
        postgres, redis, chroma = (self._servers[name] for name in ("postgres", "redis", "chroma"))
        folder = parse_qs(urlsplit(postgres.url).query)["host"][0]
        for name, port, target in (
            ("webhooks", self._hooks, ("127.0.0.1", self.port)),
            ("stand-ins", self._outer, ("127.0.0.1", self._inner)),
            ("speech", self._outer + 1, ("127.0.0.1", self._inner + 1)),
            ("mail", self._outer + 2, ("127.0.0.1", self._inner + 2)),
            ("postgres", free_ports()[0], f"{folder}/{SOCKET}"),
            ("redis", free_ports()[0], _path_of(redis.url)),
            ("chroma", free_ports()[0], ("127.0.0.1", urlsplit(chroma.url).port or 0)),
        ):
            self.network.add(name, port, target, seed=self._seed)
            self._wires[name] = port

    def _start_ours(self) -> None:
        public = f"http://127.0.0.1:{self._hooks}"
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "PYTHONPATH": str(self._tree),
            "PYTHONUNBUFFERED": "1",
            "NO_COLOR": "1",
            "SANDBOX": "1",
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self._outer),
            "PUBLIC_URL": public,
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": f"postgresql://tocsin@127.0.0.1:{self._wires['postgres']}/tocsin",
            "REDIS_URL": f"redis://127.0.0.1:{self._wires['redis']}/0",
            "CHROMA_URL": f"http://127.0.0.1:{self._wires['chroma']}",
            SWEEPS: str(self._sweeps),
            PREPARED: "" if self._sound else "1",
            "SLACK_APP_TOKEN": "xapp-sandbox" if self._socket else "",
        }
        ledger, state = self.data_dir / "ledger.jsonl", self.data_dir / "sandbox-state.db"
        told = ["--port", str(self._inner), "--product", public, "--ledger", str(ledger), "--state", str(state)]
        sandbox = [sys.executable, "-m", "sandbox", *told, "--manifest", str(self._tree / "manifest.yml")]
        sandbox += ["--socket-mode"] if self._socket else []
        self._begin(Program("sandbox", sandbox, environment, folder=self._tree))
        house = [sys.executable, "-P", str(HOUSE)]
        self._begin(Program("house", house, environment, signal.SIGINT, self._tree))
        eventually(self._is_ready, within=STARTS_WITHIN, saying=f"it did not start, see {self.log}")

    def _begin(self, program: Program) -> None:
        process = Process(program, data_dir=self.servers_dir)
        with (self.log if program.name == "house" else self.log.with_suffix(f".{program.name}")).open("ab") as output:
            process.start(output)
        self._running[program.name] = process
        self._ends.callback(self._end, program.name)

    def _is_ready(self) -> bool:
        for name in ("house", "sandbox"):
            if self._running[name].exit_code is not None:
                raise AssertionError(f"the {name} ended: {self.log.read_text(errors='replace')[-3000:]}")
        return READY in self.log.read_text(errors="replace")


def copy_of_prepared(prepared: Path, data_dir: Path) -> None:
    """A data folder whose database, memory and model are made already, with ports of its own."""
    for name in (prepared.name, f"{prepared.name}-servers"):
        target = data_dir.parent / name.replace(prepared.name, data_dir.name, 1)
        _copy(prepared.parent / name, target)
        (target / "chroma" / "port").unlink(missing_ok=True)
        shutil.rmtree(target / "run", ignore_errors=True)
        (target / "lock").unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """With owners, which PostgreSQL minds."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _path_of(url: str) -> str:
    return url.removeprefix("redis+socket://")


def _children(pid: int) -> list[int]:
    with suppress(FileNotFoundError, ProcessLookupError):  # It ended just now.
        found = [task.joinpath("children").read_text().split() for task in Path(f"/proc/{pid}/task").iterdir()]
        return [int(word) for words in found for word in words]
    return []


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):  # It ended just now.
        os.kill(pid, number)
