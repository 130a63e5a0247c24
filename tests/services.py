"""The real servers for tests: started once for the whole run, each in a folder of its own, ended with it."""

import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest

from app.services.chroma import Chroma
from app.services.postgres import Postgres
from app.services.redis import Redis
from app.services.service import Service, running

S = TypeVar("S", bound=Service)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL that nobody else uses."""
    yield from _run(Postgres)


@pytest.fixture(scope="session")
def database_url(postgres: Postgres) -> str:
    """An empty database, the same for all tests of the run; `make_database` gives one of its own."""
    return postgres.url


@pytest.fixture(scope="session")
def make_database(postgres: Postgres) -> Callable[[], str]:
    """Each call makes an empty database and gives its URL, within a tenth of a second."""
    numbers = count(1)
    return lambda: postgres.create_database(f"test{next(numbers)}")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Celery's form, `redis+socket://PATH`."""
    for redis in _run(Redis):
        yield redis.url


@pytest.fixture(scope="session")
def chroma_url() -> Iterator[str]:
    for chroma in _run(Chroma):
        yield chroma.url


def _run(service: Callable[[Path], S]) -> Iterator[S]:
    with tempfile.TemporaryDirectory(prefix="tocsin-test-", ignore_cleanup_errors=True) as folder:
        made = service(Path(folder))
        with running([made], data_dir=Path(folder)):
            yield made
