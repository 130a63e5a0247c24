"""The way to the database: a store is bound to one organization, a transaction rings for what it owes after commit.

Queries name the organization, and PostgreSQL's row-level security stands behind them: a query that forgets it finds
nothing of the others'.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import DateTime, Engine, Executable, Select, column, create_engine, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from incidents import clock
from incidents.models import Organization
from incidents.models.base import Owned, words
from incidents.models.keepable import keepable_json
from incidents.ports import Ring
from incidents.roles import Role

Row = TypeVar("Row", bound=Owned)

DATABASE_AWAY = (OperationalError, InterfaceError, InternalError, NoConnectionFree)
"""The database cannot be reached, is too slow, or has ended the transaction (an `InternalError`, see `FROZEN`)."""
PATIENCE = timedelta(seconds=10)
_ALL = text("SELECT set_config('tocsin.organization', '*', true)")
"""What the rows are guarded by (`migrations/versions/0009_row_security.py`): who sets nothing sees nothing."""
_ONLY = text("SELECT set_config('tocsin.organization', :id, true)")
_OWN = text("SELECT * FROM begin_for(:id, :only_this_transaction)").columns(
    column("policy", JSONB),
    column("policies", JSONB),
    column("categories", JSONB),
    column("countries", JSONB),
    column("default_role", words(Role)),
    column("people", JSONB),
    column("projects", JSONB),
    column("store_now", DateTime(timezone=True)),
)
FROZEN = timedelta(seconds=5)
"""A process that does nothing for so long within a transaction loses it: what it had locked is free for others."""


class Bell(Protocol):
    """A doorbell that never waits and never fails: who rings it has answered somebody already."""

    def ring_soon(self, rings: Sequence[Ring]) -> None: ...


@dataclass(frozen=True, slots=True)
class Engines:
    """Two pools of connections, because one that was switched for a request and stayed so would break the next.

    A connection of `statements` commits each statement by itself; `transactions` is for all that takes several.
    """

    transactions: Engine
    statements: Engine

    def dispose(self) -> None:
        self.transactions.dispose()
        self.statements.dispose()


def make_engines(url: str, *, pool_size: int = 10, patience: timedelta = PATIENCE) -> Engines:
    """The engines of this process (make them after a fork).

    They wait no longer than `patience` (2 s at least) for a connection or a statement.
    """
    made = partial(_make_engine, url, pool_size=pool_size, patience=patience)
    return Engines(transactions=made(autocommit=False), statements=made(autocommit=True))


def _make_engine(url: str, *, pool_size: int, patience: timedelta, autocommit: bool) -> Engine:
    """The connection that was used last is used next: it has its plans and its memory at hand.

    With `autocommit` there are few statements, which are sent often: each is prepared and planned once.
    """
    seconds = int(patience.total_seconds())
    limits = f"-c statement_timeout={seconds}s -c idle_in_transaction_session_timeout={FROZEN.seconds}s"
    plans = "force_generic_plan" if autocommit else "auto"
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        pool_timeout=seconds,
        json_serializer=keepable_json,
        connect_args={
            "connect_timeout": seconds,
            "options": f"{limits} -c plan_cache_mode={plans} -c timezone=UTC",
            "prepare_threshold": 0 if autocommit else 5,
        },
        pool_use_lifo=True,
        isolation_level="AUTOCOMMIT" if autocommit else "READ COMMITTED",
    )


@dataclass(frozen=True, slots=True)
class Own:
    """What the organization has set, as it was at the beginning of the transaction. `people` are its members.

    `removed` are the Slack users of those who were removed.
    """

    policy: dict[str, Any]
    policies: list[dict[str, Any]]
    categories: list[str]
    countries: list[str]
    default_role: Role | None
    people: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    removed: frozenset[str]

    @classmethod
    def of(
        cls,
        policy: dict[str, Any],
        policies: list[dict[str, Any]],
        categories: list[str],
        countries: list[str],
        default_role: Role | None,
        everybody: list[dict[str, Any]],
        projects: list[dict[str, Any]],
    ) -> "Own":
        present = [each for each in everybody if each["removed_at"] is None]
        removed = frozenset(each["slack_user"] for each in everybody if each["removed_at"] is not None)
        return cls(policy, policies, categories, countries, default_role, present, projects, removed)


@dataclass
class Transaction:
    """What one unit of work sees: its organization, one `now`, and the rings that follow its commit.

    With `autocommit` it is no transaction of the database: each statement is committed when it is answered.
    """

    session: Session
    organization: uuid.UUID
    own: Own
    now: datetime
    autocommit: bool = False
    rings: list[Ring] = field(default_factory=list)

    def attempt(self) -> AbstractContextManager[object]:
        """What fails within it is undone alone, and the transaction goes on."""
        return nullcontext() if self.autocommit else self.session.begin_nested()

    @contextmanager
    def seeing_all(self) -> Iterator[None]:
        """Reads within it see the rows of all organizations: for what they share, like somebody's phone."""
        self.session.execute(_ALL)
        yield
        self.session.execute(_ONLY, {"id": str(self.organization)})

    def select(self, table: type[Row]) -> Select[Row]:
        """A query over the organization's own rows of a table."""
        return select(table).where(table.organization_id == self.organization)

    def get(self, table: type[Row], id: uuid.UUID, *, lock: bool = False) -> Row:
        """The organization's row with that id; with `lock` nobody else changes it before this transaction ends."""
        query = self.select(table).where(table.id == id)
        return self.session.scalars(locked(query) if lock else query).one()


def locked(query: Select[Row]) -> Select[Row]:
    """The rows of the query as they are once they are ours to change, also when this session has seen them before.

    `FOR NO KEY UPDATE`: whoever adds a row that points at this one locks it too (`FOR KEY SHARE`), and two who had done
    so would wait for each other for ever if they then wanted `FOR UPDATE`.
    """
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)


@contextmanager
def _beginning(engine: Engine, first: Executable, **values: Any) -> Iterator[tuple[Session, Sequence[Any]]]:
    """A session with the one row of its first statement, committed in the end.

    That statement also finds out whether the connection is still there. When it is not, nothing was done yet, and the
    statement is sent once more over a new one: the pool has thrown the old ones away by then.
    """
    with Session(engine, expire_on_commit=False) as session:
        try:
            row = session.execute(first, values).one()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            session.rollback()
            row = session.execute(first, values).one()
        yield session, row
        session.commit()


class Store:
    """The database as one organization sees it."""

    def __init__(self, engines: Engines, organization: uuid.UUID, bell: Bell | None) -> None:
        self._engines = engines
        self._bell = bell
        self.organization = organization

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction: committed when the block ends, rolled back when it raises. Rings only after the commit."""
        with self._transaction(self._engines.transactions) as transaction:
            yield transaction

    @contextmanager
    def autocommit(self) -> Iterator[Transaction]:
        """For what is written by one statement: nobody waits for a lock of ours while this process is busy.

        An error undoes nothing but the statement that it came from. Rings when the block ends.
        """
        with self._transaction(self._engines.statements, autocommit=True) as transaction:
            yield transaction

    @contextmanager
    def _transaction(self, engine: Engine, *, autocommit: bool = False) -> Iterator[Transaction]:
        whose = {"id": self.organization, "only_this_transaction": not autocommit}
        with _beginning(engine, _OWN, **whose) as (session, (*set_, now)):
            own = Own.of(*set_)
            transaction = Transaction(session, self.organization, own, now, autocommit)
            yield transaction
            if autocommit and (session.new or session.dirty):
                raise AssertionError("what is written in autocommit is written by statements")
        if self._bell is not None and transaction.rings:
            self._bell.ring_soon(transaction.rings)

    def is_gone(self) -> bool:
        """Whether the organization was removed."""
        with _beginning(self._engines.transactions, _ALL) as (session, _):
            return session.get(Organization, self.organization) is None


class Database:
    """All organizations: for the wiring, the sweep and the workers, who learn from a job whose it is."""

    def __init__(self, engines: Engines, bell: Bell | None = None) -> None:
        self.engines = engines
        self._bell = bell
        self._first: uuid.UUID | None = None

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Sees the rows of all organizations."""
        with _beginning(self.engines.transactions, _ALL) as (session, _):
            yield session

    def store(self, organization: uuid.UUID) -> Store:
        return Store(self.engines, organization, self._bell)

    def now(self) -> datetime:
        with self.begin() as session:
            return clock.read(session)

    def is_first(self, organization: uuid.UUID) -> bool:
        return self.only_store().organization == organization

    def only_store(self) -> Store:
        """The store of the first organization, which `prepare` made; it stays the first, and is asked for once."""
        if self._first is None:
            with self.begin() as session:
                query = select(Organization.id).order_by(Organization.created_at).limit(1)
                self._first = session.scalars(query).one()
        return self.store(self._first)
