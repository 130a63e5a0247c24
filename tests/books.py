"""What the database says after a request: for tests of the doors."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, event, func, select, text

from app import bootstrap
from app.settings import Settings
from incidents import calls, claims, clock, lines, organizations, paging, reports
from incidents.models import Base, Call, Correction, InboxEntry, Incident, Job, TimelineEntry
from incidents.paging import Place
from incidents.people import Actor
from incidents.ports import Ring
from incidents.reports import Report
from incidents.roles import Role
from incidents.store import Database, Store, make_engines
from incidents.words import Severity, Source

AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
T = TypeVar("T")


class HeardBell:
    """A doorbell that notes who rang."""

    def __init__(self) -> None:
        self.rings: list[Ring] = []

    def ring_soon(self, rings: Sequence[Ring]) -> None:
        self.rings += rings


class Books:
    """A database of its own, with Bea and Cy on call, and the questions that tests ask of it."""

    def __init__(self, url: str) -> None:
        bootstrap.migrate(Settings(_env_file=None, database_url=url))
        self.bell = HeardBell()
        self.database = Database(make_engines(url), self.bell)

    def begin_anew(self) -> None:
        """Nothing in it; the clock stands still."""
        self.bell.rings.clear()
        with self.database.begin() as session:
            session.execute(text("TRUNCATE timeline"))  # No row of it can be deleted.
            for table in reversed(Base.metadata.sorted_tables):
                if table.name != "timeline":
                    session.execute(table.delete())
            clock.reset(session)
            clock.hold(session)
            organizations.first(session, sandbox=True)
        self.database._first = None  # It is another one now.

    def close(self) -> None:
        self.database.engines.dispose()

    def urgent(self, title: str = "Checkout returns 502") -> Incident:
        """An incident that pages at once."""
        report = Report(
            title=title, source=Source.API, by=Actor("Ana", via="api", role=Role.RESPONDER), severity=Severity.HIGH
        )
        with self.database.only_store().begin() as tx:
            return reports.open_incident(tx, report).incident

    def incidents(self) -> list[Incident]:
        with self.database.begin() as session:
            return list(session.scalars(select(Incident).order_by(Incident.number)))

    def incident(self, number: int = 1) -> Incident:
        with self.database.begin() as session:
            return session.scalars(select(Incident).where(Incident.number == number)).one()

    def change(self, number: int = 1, **values: Any) -> Incident:
        """As a worker would, that opened the channel and posted the card."""
        with self.database.begin() as session:
            incident = session.scalars(select(Incident).where(Incident.number == number)).one()
            for name, value in values.items():
                setattr(incident, name, value)
            return incident

    def timeline(self, number: int = 1) -> list[str]:
        return [entry.kind for entry in self.entries(number)]

    def entries(self, number: int = 1) -> list[TimelineEntry]:
        of = select(TimelineEntry).join(Incident, Incident.id == TimelineEntry.incident_id)
        with self.database.begin() as session:
            return list(session.scalars(of.where(Incident.number == number).order_by(TimelineEntry.id)))

    def jobs_of(self, kind: str, number: int = 1) -> list[Job]:
        of = select(Job).join(Incident, Incident.id == Job.incident_id).order_by(Job.created_at)
        with self.database.begin() as session:
            return list(session.scalars(of.where(Incident.number == number, Job.kind == kind)))

    def owed(self, kind: str, number: int = 1) -> list[Job]:
        return [job for job in self.jobs_of(kind, number) if job.done_at is None]

    def call(self, number: int = 1) -> Call:
        """The next call that is owed, as far as a worker gets before Twilio answers: planned, and without an id."""
        (owed,) = self.owed("PAGE", number)
        return self.planned(owed.id, self.database.only_store())

    def planned(self, page: UUID, store: Store) -> Call:
        """The call of that page of that organization, planned and without an id."""
        with self.database.begin() as session:
            claim = claims.take(session, page)
        assert claim is not None
        with store.begin() as tx:
            incident = tx.get(Incident, claim.incident, lock=True)
            turn = paging.climb(tx, incident, claim)
            assert turn is not None
            assert turn.responder is not None
            call = calls.plan(tx, incident, claim, turn.responder, rung=Place.of(claim.key).rung)
            claims.finish(tx, claim)
            return call

    def joins(self, number: int, call: Call) -> None:
        """The incident's next page is due while that call is on."""
        (owed,) = self.owed("PAGE", number)
        with self.database.begin() as session:
            claim = claims.take(session, owed.id)
        assert claim is not None
        with self.database.only_store().begin() as tx:
            incident = tx.get(Incident, claim.incident, lock=True)
            paging.climb(tx, incident, claim)
            lines.join(tx, incident, claim, tx.get(Call, call.id, lock=True), rung=Place.of(claim.key).rung)
            claims.finish(tx, claim)

    def calls(self) -> list[Call]:
        with self.database.begin() as session:
            return list(session.scalars(select(Call).order_by(Call.placed_at)))

    def next_call(self, number: int = 1) -> tuple[str, float] | None:
        """Who is called next, and in how many seconds."""
        with self.database.only_store().begin() as tx:
            incident = tx.session.scalars(tx.select(Incident).where(Incident.number == number)).one()
            upcoming = paging.next_page(tx, incident)
            if upcoming is None or upcoming[0] is None:
                return None
            return upcoming[0].name, (upcoming[1] - tx.now).total_seconds()

    def corrections(self) -> list[Correction]:
        with self.database.begin() as session:
            return list(session.scalars(select(Correction)))

    def accepted(self) -> int:
        with self.database.begin() as session:
            return session.scalar(select(func.count()).select_from(InboxEntry)) or 0

    def forward(self, seconds: float) -> None:
        with self.database.begin() as session:
            clock.advance(session, timedelta(seconds=seconds))

    def broken_commits(self) -> AbstractContextManager[None]:
        return broken_commits(self.database)


@contextmanager
def broken_commits(database: Database) -> Iterator[None]:
    """The connection ends at the last moment: nothing that writes is committed."""

    def broken(connection: Connection, *_: Any) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.close()

    def broken_if_it_writes(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if "INSERT" in statement:
            broken(connection)

    moments = (
        (database.engines.transactions, "commit", broken),
        (database.engines.statements, "before_cursor_execute", broken_if_it_writes),
    )
    for engine, moment, breaks in moments:
        event.listen(engine, moment, breaks)
    try:
        yield
    finally:
        for engine, moment, breaks in moments:
            event.remove(engine, moment, breaks)


def at_once(times: int, what: Callable[[], T]) -> list[T]:
    """The same thing from as many threads."""
    with ThreadPoolExecutor(times) as threads:
        return [each.result() for each in [threads.submit(what) for _ in range(times)]]
