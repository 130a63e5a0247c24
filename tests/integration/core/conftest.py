"""One migrated database for all tests of the core, emptied before each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app import bootstrap
from app.settings import Settings
from incidents import organizations
from incidents.models import Base
from incidents.store import Database, make_engines
from tests.integration.core.world import World


@pytest.fixture(scope="session")
def core_url(make_database: Callable[[], str]) -> str:
    url = make_database()
    bootstrap.migrate(Settings(_env_file=None, database_url=url))
    engines = make_engines(url)
    with engines.transactions.begin() as connection:
        # No test here takes the machine's power away, so no commit has to wait for the disk.
        connection.execute(text(f'ALTER DATABASE "{connection.engine.url.database}" SET synchronous_commit = off'))
    engines.dispose()
    return url


@pytest.fixture(scope="session")
def _database(core_url: str) -> Iterator[Database]:
    engines = make_engines(core_url, pool_size=30)
    yield Database(engines)
    engines.dispose()


@pytest.fixture
def database(_database: Database) -> Database:
    """Nothing in it but the first organization with Bea and Cy on call; the clock runs."""
    with _database.begin() as session:
        session.execute(text(f"TRUNCATE {', '.join(Base.metadata.tables)} CASCADE"))
        session.execute(text("UPDATE clock SET moved = interval '0', held_at = NULL"))
        organizations.first(session, sandbox=True)
    return Database(_database.engines)  # It remembers which organization is the first.


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    return World(database, tmp_path)
