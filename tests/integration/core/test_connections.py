"""Connections that ended while nobody used them: whoever comes next does not notice."""

from sqlalchemy import Engine, text

from tests.integration.core.world import World

OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'"
)


def all_end(engine: Engine) -> None:
    """As when PostgreSQL starts again: several connections wait in the pool, and all of them are ended."""
    held = [engine.connect() for _ in range(3)]
    for connection in held:
        connection.execute(text("SELECT 1"))
        connection.rollback()
    with held[0] as last:
        assert len(last.execute(OTHERS).all()) >= 2
        last.rollback()
        for connection in held[1:]:
            connection.close()
        last.execute(text("SET idle_session_timeout = '1ms'"))  # And this one when it is back in the pool.
        last.commit()


def test_a_report_over_connections_that_ended_is_accepted(world: World) -> None:
    world.reported()
    for number in (2, 3):
        all_end(world.database.engines.statements)
        assert world.reported().number == number


def test_a_worker_over_connections_that_ended_reads_the_time(world: World) -> None:
    all_end(world.database.engines.transactions)
    assert world.database.now().tzinfo is not None
