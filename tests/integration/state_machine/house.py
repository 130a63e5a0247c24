"""The whole core in one place: real database, real workers and sweep, watched providers, one time for everything.

The store's clock is held, and the machine's own time goes with it: moved by ten seconds, leases are ten seconds older.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, text

from app.bootstrap import Providers
from app.settings import Settings
from incidents import claims, clock, organizations
from incidents.errors import TemporaryError
from incidents.models import Base, Incident, Organization
from incidents.policy import DEFAULT_POLICY
from incidents.ports import Ring
from incidents.store import Database, Transaction
from tasks.runner import Runner
from tests.core_fakes import FakeComparer, FakeDoorbell
from tests.fakes import FakeCall
from tests.integration.core.world import KilledError
from tests.integration.state_machine import boundaries

T = TypeVar("T")

MACHINE_TIMES = [
    (table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if column.name.endswith("_real") or column.name in ("claimed_until", "rung_at")
]
ENOUGH = timedelta(hours=6)


class House:
    def __init__(self, database: Database, data_dir: Path, *, repeat: int) -> None:
        self.bell = FakeDoorbell()
        self.doors = Database(database.engines, self.bell)
        _emptied(database, repeat)
        self._eyes = database.engines.transactions.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._eyes.execute(text("SELECT set_config('tocsin.organization', '*', false)"))
        self.store = self.doors.only_store()
        self.boundaries = boundaries.Boundaries()
        self.chat, self.phone = boundaries.WatchedChat(), boundaries.WatchedPhone()
        self.tickets, self.speech = boundaries.WatchedTickets(), boundaries.WatchedSpeech()
        self.triager, self.memory = boundaries.WatchedTriager(), boundaries.WatchedMemory()
        self.outside = [self.chat, self.phone, self.tickets, self.speech, self.triager, self.memory]
        for provider in self.outside:
            provider.boundaries = self.boundaries
        settings = Settings(_env_file=None, data_dir=data_dir, public_url="http://127.0.0.1:8080")
        providers = Providers(settings)
        providers.chat, providers.phone = self.chat, self.phone
        providers.tickets, providers.speech = self.tickets, self.speech
        providers.triager, providers.memory = self.triager, self.memory
        providers.comparer = FakeComparer()
        watched = boundaries.WatchedDatabase(database.engines, self.bell)
        watched.boundaries = self.boundaries
        self.runner = Runner(watched, providers, settings)
        self._faults_seen = 0
        self.last_fault = self.now()
        self.after_each_moment: Callable[[], None] = lambda: None

    # The database, as people at the doors and as we who look see it.

    def now(self) -> datetime:
        (row,) = self.rows("SELECT store_now() AS now")
        return row.now  # type: ignore[no-any-return]

    def act(self, incident: UUID, doing: Callable[[Transaction, Incident], T]) -> T:
        """In one transaction, with the incident locked, as every door does it."""
        with self.store.begin() as tx:
            return doing(tx, tx.get(Incident, incident, lock=True))

    def rows(self, sql: str, **values: Any) -> Sequence[Any]:
        return self._eyes.execute(text(sql), values).all()

    def subjects(self, call: FakeCall) -> list[UUID]:
        """The incidents for whose sake that phone rings."""
        return [page.incident_id for page in self._pages(call)]

    def told_of(self, call: FakeCall) -> tuple[int, list[UUID]]:
        """The round that the call is in, and the incidents of which the person has been told in it."""
        (row,) = self.rows("SELECT round FROM calls WHERE token = :token", token=token_of(call))
        return row.round, [page.incident_id for page in self._pages(call) if row.round in page.told]

    def _pages(self, call: FakeCall) -> Sequence[Any]:
        return self.rows(
            "SELECT i.id AS incident_id, array_agg(p.said) AS told FROM pages p JOIN calls c ON c.id = p.call_id"
            " JOIN incidents i ON i.id = p.incident_id WHERE c.token = :token GROUP BY i.id ORDER BY i.number",
            token=token_of(call),
        )

    def planned(self) -> set[str]:
        """The tokens of all calls that were written down."""
        return {row.token for row in self.rows("SELECT token FROM calls")}

    def job_of(self, call: FakeCall) -> UUID:
        (row,) = self.rows("SELECT job_id FROM calls WHERE token = :token", token=token_of(call))
        return row.job_id  # type: ignore[no-any-return]

    def close(self) -> None:
        self._eyes.close()

    # Workers.

    def worker(self, job: UUID) -> None:
        """One that does this job, if it is there to be done; it may be killed at it."""
        try:
            self.runner.run(job)
        except KilledError:
            self.fault()

    def work(self) -> None:
        """Sweep and workers, until nobody rings any more."""
        for _ in range(300):
            rung, self.bell.rings = self.bell.rings, []
            if not rung:
                self.sweep()
                rung, self.bell.rings = self.bell.rings, []
            if not rung:
                return
            for job in self.in_order(rung):
                self.worker(job)
            self.notice()
        raise AssertionError("there is always something due")

    def sweep(self) -> None:
        """What each second brings: the bell for what nobody took; when it is silent, pages are made without it."""
        with self.doors.begin() as session:
            rings = claims.due_rings(session)
        try:
            self.bell.ring(rings)
        except TemporaryError:
            for job in self.in_order([ring for ring in rings if ring.queue == "page"]):
                self.worker(job)

    def in_order(self, rings: Sequence[Ring]) -> list[UUID]:
        """The same order in each run: ids are chance."""
        found = self.rows(
            "SELECT j.id FROM jobs j JOIN incidents i ON i.id = j.incident_id WHERE j.id = ANY(:ids)"
            " ORDER BY j.due, i.number, j.kind, j.created_at, j.key",
            ids=[ring.job for ring in rings],
        )
        return [row.id for row in found]

    def due(self) -> list[UUID]:
        found = self.rows(
            "SELECT j.id FROM jobs j JOIN incidents i ON i.id = j.incident_id"
            " WHERE done_at IS NULL AND due <= store_now() AND coalesce(claimed_until, '-infinity') < clock_timestamp()"
            " ORDER BY j.due, i.number, j.kind, j.created_at, j.key"
        )
        return [row.id for row in found]

    # Time.

    def fault(self) -> None:
        self.last_fault = self.now()

    def notice(self) -> None:
        """A provider failed since we looked last."""
        if self.boundaries.faults != self._faults_seen:
            self._faults_seen = self.boundaries.faults
            self.fault()

    def jump(self, by: timedelta) -> None:
        """Time goes on and nobody works."""
        with self.doors.begin() as session:
            clock.advance(session, by)
            for table, column in MACHINE_TIMES:
                session.execute(text(f'UPDATE "{table}" SET {column} = {column} - :by'), {"by": by})  # noqa: S608
        for call in self.phone.placed:
            call.at -= by
        for post in self.chat.posts:
            post.at -= by

    def pass_time(self, by: timedelta) -> None:
        """Time goes on, and what becomes due on the way is done when it is due."""
        end = self.now() + by
        while True:
            self.work()
            self.after_each_moment()
            now = self.now()
            if now >= end:
                return
            wait = min((each for each in [self._next(), end - now] if each is not None), default=end - now)
            self.jump(wait if wait > timedelta(0) else timedelta(seconds=1))

    def _next(self) -> timedelta | None:
        """How long until a job can be taken that cannot be taken now."""
        (row,) = self.rows(
            "SELECT min(greatest(due - store_now(), claimed_until - clock_timestamp(),"
            "   rung_at + interval '5.001 seconds' - clock_timestamp())) AS wait"
            " FROM jobs WHERE done_at IS NULL"
        )
        return row.wait  # type: ignore[no-any-return]

    def settle(self) -> None:
        """Time goes on until nothing is owed."""
        end = self.now() + ENOUGH
        while self.rows("SELECT 1 FROM jobs WHERE done_at IS NULL LIMIT 1"):
            owed = self.rows("SELECT kind, key, error FROM jobs WHERE done_at IS NULL")
            assert self.now() < end, f"owed for ever: {owed}"
            self.pass_time(timedelta(seconds=60))

    @contextmanager
    def interrupted(self, nth: int, happening: boundaries.Happening) -> Iterator[None]:
        """At the nth place that a worker passes in here, something happens."""
        self.boundaries.arm(nth, happening)
        try:
            yield
        finally:
            self.boundaries.disarm()


def token_of(call: FakeCall) -> str:
    return call.status_url.partition("/page/")[2].partition("/")[0]


def _emptied(database: Database, repeat: int) -> None:
    with database.begin() as session:
        session.execute(text(f"TRUNCATE {', '.join(Base.metadata.tables)} CASCADE"))
        session.execute(text("UPDATE clock SET moved = interval '0', held_at = NULL"))
        organizations.first(session, sandbox=True)
        first = session.scalars(select(Organization)).one()
        first.policy = {**DEFAULT_POLICY, "repeat": repeat}
        clock.hold(session)


def waiting(house: House, kinds: Sequence[str]) -> Sequence[Any]:
    return house.rows(
        "SELECT incident_id, kind, key, due, attempts FROM jobs WHERE done_at IS NULL AND kind = ANY(:kinds)"
        " ORDER BY due",
        kinds=list(kinds),
    )
