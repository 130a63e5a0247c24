"""The stand-in's tables: incidents, and the calls that were made for them. State, as its authors would keep it."""

from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    create_engine,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_new

from app.resolve import load

METADATA = MetaData()
NUMBERS = Sequence("numbers", metadata=METADATA)
INCIDENTS = Table(
    "incidents",
    METADATA,
    Column("id", String, primary_key=True),
    Column("number", Integer, NUMBERS, server_default=NUMBERS.next_value()),
    Column("title", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("status", String, nullable=False, server_default="open"),
    Column("channel", String),
    Column("card", String),
    Column("ticket", String),
    Column("acknowledged_at", DateTime(timezone=True)),
)
CALLS = Table(
    "calls",
    METADATA,
    Column("incident", String),
    Column("step", Integer),
    Column("sid", String, nullable=False),
    PrimaryKeyConstraint("incident", "step"),
)


@cache
def engine() -> Engine:
    """Made after Celery's fork, when a task first needs it."""
    return create_engine(load().database_url or "", pool_pre_ping=True)


def add(id: str, title: str, severity: str) -> bool:
    """False when the id was there already."""
    row = insert_new(INCIDENTS).values(id=id, title=title, severity=severity).on_conflict_do_nothing()
    with engine().begin() as connection:
        return connection.execute(row.returning(INCIDENTS.c.id)).first() is not None


def remove(id: str) -> None:
    with engine().begin() as connection:
        connection.execute(INCIDENTS.delete().where(INCIDENTS.c.id == id))


def get(id: str) -> Any:
    with engine().begin() as connection:
        return connection.execute(select(INCIDENTS).where(INCIDENTS.c.id == id)).one_or_none()


def put(id: str, **values: Any) -> None:
    with engine().begin() as connection:
        connection.execute(update(INCIDENTS).where(INCIDENTS.c.id == id).values(**values))


def acknowledge(id: str) -> list[str]:
    """The calls that may still ring."""
    taken = update(INCIDENTS).where(INCIDENTS.c.id == id, INCIDENTS.c.status == "open")
    with engine().begin() as connection:
        connection.execute(taken.values(status="acknowledged", acknowledged_at=func.now()))
        return list(connection.scalars(select(CALLS.c.sid).where(CALLS.c.incident == id)))


def was_called(id: str, step: int) -> bool:
    with engine().begin() as connection:
        return connection.execute(select(CALLS).where(CALLS.c.incident == id, CALLS.c.step == step)).first() is not None


def note_call(id: str, step: int, sid: str) -> None:
    with engine().begin() as connection:
        connection.execute(insert(CALLS).values(incident=id, step=step, sid=sid))
