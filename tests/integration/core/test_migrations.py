"""The migrations make the tables that the models describe, and can go back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from app import bootstrap
from app.settings import Settings
from incidents import organizations, tenants
from incidents.models import Base
from incidents.reports import Report, open_incident
from incidents.store import Database, Engines, make_engines
from incidents.words import Source
from tests.integration.core.world import ANA, in_parallel, until_somebody_waits_for_a_lock


def test_the_migrations_and_the_models_agree(core_url: str) -> None:
    engines = make_engines(core_url)
    with engines.transactions.connect() as connection:
        clock = ("clock", "table")
        options = {"compare_type": True, "include_object": lambda _, name, kind, *__: (name, kind) != clock}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    engines.dispose()
    assert differences == []


def test_going_back_leaves_nothing_and_going_forth_again_makes_everything(make_database: Callable[[], str]) -> None:
    url = make_database()
    settings = Settings(_env_file=None, database_url=url)
    bootstrap.migrate(settings)
    engines = make_engines(url)
    with Database(engines).begin() as session:
        organizations.first(session, sandbox=True)
    _go_back(engines, "base")
    assert inspect(engines.transactions).get_table_names() == ["alembic_version"]
    assert inspect(engines.transactions).get_sequence_names() == []
    bootstrap.migrate(settings)
    assert set(inspect(engines.transactions).get_table_names()) == {"alembic_version", "clock", *Base.metadata.tables}
    engines.dispose()


def test_incidents_are_numbered_on_when_the_numbers_move_from_a_row_to_a_sequence_and_back(
    make_database: Callable[[], str],
) -> None:
    settings = Settings(_env_file=None, database_url=make_database())
    bootstrap.migrate(settings)
    database = bootstrap.database(settings)
    with database.begin() as session:
        organizations.first(session, sandbox=True)
    assert _report(database) == 1
    _go_back(database.engines, "0003")
    with database.begin() as session:
        assert session.scalar(text("SELECT last_number FROM organizations")) == 1
        session.execute(text("UPDATE organizations SET last_number = 41"))
    bootstrap.migrate(settings)
    assert _report(database) == 42
    database.engines.dispose()


def test_what_there_is_belongs_to_the_default_project_of_its_organization(make_database: Callable[[], str]) -> None:
    settings = Settings(_env_file=None, database_url=make_database())
    bootstrap.migrate(settings)
    database = bootstrap.database(settings)
    with database.begin() as session:
        organizations.first(session, sandbox=True)
        other = tenants.make(session, name="Globex").id
    _report(database)
    with database.store(other).begin() as tx:
        open_incident(tx, Report("Theirs", Source.API, ANA))
    _go_back(database.engines, "0014")
    bootstrap.migrate(settings)
    with database.begin() as session:
        assert session.execute(text("SELECT count(*) FROM incidents WHERE project_id = organization_id")).scalar() == 2
        assert set(session.execute(text("SELECT id, name FROM projects")).all()) == {
            (database.only_store().organization, "default"),
            (other, "default"),
        }
    assert _report(database) == 2
    database.engines.dispose()


def test_whoever_reports_while_the_numbers_move_has_reported_before(make_database: Callable[[], str]) -> None:
    """The version before read the organization and counted in its row; waiting for it must be no deadlock."""
    settings = Settings(_env_file=None, database_url=make_database())
    bootstrap.migrate(settings)
    database = bootstrap.database(settings)
    with database.begin() as session:
        organizations.first(session, sandbox=True)
    _go_back(database.engines, "0003")
    with ThreadPoolExecutor(1) as pool:
        with database.engines.transactions.begin() as old:
            old.execute(text("SELECT policy FROM organizations"))
            migrating = pool.submit(bootstrap.migrate, settings)
            until_somebody_waits_for_a_lock(database)
            old.execute(text("UPDATE organizations SET last_number = last_number + 1"))
        migrating.result()
    assert _report(database) == 2
    database.engines.dispose()


def _report(database: Database) -> int:
    with database.only_store().begin() as tx:
        return open_incident(tx, Report("A", Source.API, ANA)).incident.number


def _go_back(engines: Engines, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(bootstrap.MIGRATIONS))
    with engines.transactions.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_several_processes_that_migrate_at_once_do_it_once(make_database: Callable[[], str]) -> None:
    settings = Settings(_env_file=None, database_url=make_database())
    in_parallel(lambda _: bootstrap.migrate(settings), threads=3)
    engines = make_engines(settings.database_url or "")
    assert "incidents" in inspect(engines.transactions).get_table_names()
    engines.dispose()
