"""Runs the migrations over the connection that the caller hands in (`app.bootstrap.migrate`), or over DATABASE_URL."""

from alembic import context
from sqlalchemy import Connection, create_engine

from incidents.models import Base


def run(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT set_config('tocsin.organization', '*', true)")  # All rows are seen.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=False,
        include_object=ours,
    )
    with context.begin_transaction():
        context.run_migrations()


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """The clock is made by hand in a migration and has no model."""
    return not (kind == "table" and name == "clock")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).begin() as own:
        run(own)
