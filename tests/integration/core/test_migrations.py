"""The migrations make the tables that the models describe, and can go back."""

from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from app import bootstrap
from app.settings import Settings
from incidents.models import Base
from incidents.store import make_engines
from tests.integration.core.world import in_parallel


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
    config = Config()
    config.set_main_option("script_location", str(bootstrap.MIGRATIONS))
    with engines.transactions.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engines.transactions).get_table_names() == ["alembic_version"]
    bootstrap.migrate(settings)
    assert set(inspect(engines.transactions).get_table_names()) == {"alembic_version", "clock", *Base.metadata.tables}
    engines.dispose()


def test_several_processes_that_migrate_at_once_do_it_once(make_database: Callable[[], str]) -> None:
    settings = Settings(_env_file=None, database_url=make_database())
    in_parallel(lambda _: bootstrap.migrate(settings), threads=3)
    engines = make_engines(settings.database_url or "")
    assert "incidents" in inspect(engines.transactions).get_table_names()
    engines.dispose()
