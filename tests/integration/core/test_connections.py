"""Connections that ended while nobody used them: whoever comes next does not notice."""

import time

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from tests.integration.core.world import World

IDLE = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'"


def all_end(engine: Engine) -> None:
    """As when PostgreSQL starts again: several connections wait in the pool, and all of them are ended."""
    held = [engine.connect() for _ in range(3)]
    for connection in held:
        connection.close()
    other = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with other.connect() as killer:
        assert len(killer.execute(text(f"SELECT pg_terminate_backend(pid) {IDLE}")).all()) >= 3
        ends = time.monotonic() + 20
        while killer.execute(text(f"SELECT count(*) {IDLE}")).scalar_one() > 0:
            assert time.monotonic() < ends


def test_a_report_over_connections_that_ended_is_accepted(world: World) -> None:
    world.reported()
    for number in (2, 3):
        all_end(world.database.engines.statements)
        assert world.reported().number == number


def test_a_worker_over_connections_that_ended_reads_the_time(world: World) -> None:
    all_end(world.database.engines.transactions)
    assert world.database.now().tzinfo is not None
