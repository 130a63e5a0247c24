"""One database and one world for all crash points, set back to the beginning of a stage for each."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from app import bootstrap
from app.settings import Settings
from incidents import organizations
from incidents.store import Database, make_engines
from tests.integration.core.world import World
from tests.integration.crash import mortal
from tests.integration.crash.rewinding import Scenes

pytest.register_assert_rewrite("tests.integration.crash.truth")


@pytest.fixture(scope="session")
def scenes(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenes]:
    url = make_database()
    bootstrap.migrate(Settings(_env_file=None, database_url=url))
    engines = make_engines(url, pool_size=2)
    with engines.transactions.begin() as connection:
        # No test here takes the machine's power away, so no commit has to wait for the disk.
        connection.execute(text(f'ALTER DATABASE "{connection.engine.url.database}" SET synchronous_commit = off'))
    engines.dispose()
    mortal.watch(engines.transactions)
    database = Database(engines)
    with database.begin() as session:
        organizations.first(session, sandbox=True)
    yield Scenes(World(database, tmp_path_factory.mktemp("crash")))
    engines.dispose()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of workers die here: what they would log says nothing more than the test does."""
    with capture_logs():
        yield
