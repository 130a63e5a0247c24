"""The two designs that are compared, as processes: ours, and plain Celery."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis as Client
from redis.backoff import ConstantBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import create_engine, text

from app.local import services_for, with_urls
from app.part import Part, answers
from app.product import parts_of
from app.resolve import with_sandbox
from app.services.process import Program
from app.services.redis import Redis
from app.services.service import Service
from app.settings import Settings, environment_of
from tests.plain_celery.design import tables
from tests.plain_celery.timing import POLICY
from tests.play import ROOT, free_ports

KEY = "a-key-for-both"


@dataclass(frozen=True)
class Design:
    """`workers` are the parts that are killed as workers."""

    name: str
    settings: Settings
    parts: list[Part]
    workers: tuple[str, ...]
    services: list[Service]
    begin: Callable[[str], None]

    @property
    def database_url(self) -> str:
        return next(service.url for service in self.services if service.name == "postgres")

    def empty_redis(self) -> None:
        path = next(service.url for service in self.services if service.name == Redis.name)
        retry = Retry(ConstantBackoff(0.1), 100, supported_errors=(RedisError, OSError))  # It may be starting just now.
        with Client(unix_socket_path=path.removeprefix("redis+socket://"), retry=retry) as client:
            client.flushall()


def tocsin(folder: Path) -> Design:
    settings = _settings(folder / "tocsin")
    parts = parts_of(settings)
    workers = tuple(part.name for part in parts if part.name.startswith("worker-") or part.name == "sweep")
    # The services are a matter of the folder: the same ones again are the same addresses.
    return Design("Tocsin", settings, parts, workers, services_for(settings), _shorten_policy)


def plain(folder: Path) -> Design:
    settings = _settings(folder / "plain", chroma_url="http://127.0.0.1:9")
    theirs = {part.name: part for part in parts_of(settings)}
    services = services_for(settings)

    def program(name: str, *command: str) -> Callable[[], Program]:
        return lambda: Program(
            name, [sys.executable, *command], environment_of(with_urls(settings, services)), folder=ROOT
        )

    door = ("--bind", f"127.0.0.1:{settings.port}", "--worker-class", "gthread", "--threads", "16")
    web = program("web", "-m", "gunicorn", *door, "tests.plain_celery.design.door:create()")
    celery = ("-m", "celery", "-A", "tests.plain_celery.design.work", "worker", "--concurrency=4", "--loglevel=WARNING")
    after = ("postgres", "redis")
    parts = [theirs[name] for name in (*after, "sandbox")]
    parts += [Part("web", web, answers(f"http://127.0.0.1:{settings.port}/api/health"), after=after)]
    parts += [
        Part(name, program(name, *celery, f"--hostname={name}@%h"), after=after) for name in ("worker-1", "worker-2")
    ]
    return Design("plain Celery", settings, parts, ("worker-1", "worker-2"), services, _make_tables)


def _settings(data_dir: Path, **more: Any) -> Settings:
    data_dir.mkdir(parents=True)
    port, sandbox_port = free_ports()
    given: dict[str, Any] = {"port": port, "sandbox_port": sandbox_port, "data_dir": data_dir, "admin_api_key": KEY}
    given |= {"sandbox": True, "public_url": f"http://127.0.0.1:{port}"}
    return with_sandbox(Settings(_env_file=None, **given, **more))


def _make_tables(url: str) -> None:
    engine = create_engine(url)
    tables.METADATA.create_all(engine)
    engine.dispose()


def _shorten_policy(url: str) -> None:
    engine = create_engine(url, connect_args={"options": "-c tocsin.organization=*"})
    with engine.begin() as connection:
        connection.execute(text("UPDATE organizations SET policy = :policy"), {"policy": json.dumps(POLICY)})
    engine.dispose()
