"""How far the machine runs: `ci` with every run, `long` when asked (`--hypothesis-profile=long` on this folder)."""

from collections.abc import Callable, Iterator

import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from sqlalchemy import text

from app import bootstrap
from app.settings import Settings
from incidents.store import Database, make_engines

COMMON = settings(
    deadline=None,
    database=None,
    print_blob=True,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("ci", COMMON, max_examples=50, stateful_step_count=35)
settings.register_profile("long", COMMON, max_examples=400, stateful_step_count=50)
settings.register_profile("whether", COMMON, max_examples=200, stateful_step_count=35, phases=(Phase.generate,))
"""Whether it fails at all, for a core that was broken on purpose: nothing is shrunk."""


@pytest.fixture(scope="session")
def machine_database(make_database: Callable[[], str]) -> Iterator[Database]:
    url = make_database()
    bootstrap.migrate(Settings(_env_file=None, database_url=url))
    engines = make_engines(url)
    with engines.transactions.begin() as connection:
        # No test here takes the machine's power away, so no commit has to wait for the disk.
        connection.execute(text(f'ALTER DATABASE "{connection.engine.url.database}" SET synchronous_commit = off'))
    engines.dispose()
    engines = make_engines(url)
    yield Database(engines)
    engines.dispose()


@pytest.fixture
def quiet() -> Iterator[None]:
    """Thousands of jobs are done and broken here on purpose; nobody reads of each."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()
