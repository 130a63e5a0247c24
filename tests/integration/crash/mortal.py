"""A worker that can die: its commits, and what it asks of the providers, are points of its path."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.bootstrap import Providers
from incidents.store import Database, Engines, Store, Transaction
from tasks.runner import Runner
from tests.integration.core.world import World
from tests.integration.crash.path import Path

PORTS = ("chat", "phone", "mail", "tickets", "speech", "triager", "memory")
WRITING = ("INSERT", "UPDATE", "DELETE")
WROTE = "wrote"


def watch(engine: Engine) -> None:
    """Each connection knows from now on whether its transaction has written anything."""

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(WRITING):
            connection.info[WROTE] = True


@contextmanager
def _commit_of(session: Session, path: Path) -> Iterator[None]:
    """Around what a transaction does, within it. A commit that wrote nothing is no point."""
    session.connection().info[WROTE] = False
    yield
    session.flush()
    if session.connection().info[WROTE]:
        path.reached("before commit")


class MortalStore(Store):
    def __init__(self, database: "MortalDatabase", organization: UUID) -> None:
        super().__init__(database.engines, organization, None)
        self._path = database.path

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        with super().begin() as tx:
            with _commit_of(tx.session, self._path):
                yield tx
            wrote = tx.session.connection().info[WROTE]
        if wrote:
            self._path.committed()


class MortalDatabase(Database):
    def __init__(self, engines: Engines, path: Path) -> None:
        super().__init__(engines)
        self.path = path

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with super().begin() as session:
            with _commit_of(session, self.path):
                yield session
            wrote = session.connection().info[WROTE]
        if wrote:
            self.path.committed()

    def store(self, organization: UUID) -> Store:
        return MortalStore(self, organization)


class MortalPort:
    """Asks the provider, with a point before and one after: the effect is there, its answer is not read yet."""

    def __init__(self, name: str, provider: object, path: Path) -> None:
        self._name, self._provider, self._path = name, provider, path

    def __getattr__(self, method: str) -> Callable[..., Any]:
        real: Callable[..., Any] = getattr(self._provider, method)

        def ask(*args: Any, **more: Any) -> Any:
            self._path.asks(self._name, method)
            try:
                return real(*args, **more)
            finally:
                self._path.answered(method)

        return ask


def mortal(world: World, path: Path) -> Runner:
    """A worker that walks that path."""
    providers = Providers(world.settings)
    for name in PORTS:
        setattr(providers, name, MortalPort(name, getattr(world, name), path))
    return Runner(MortalDatabase(world.database.engines, path), providers, world.settings)
