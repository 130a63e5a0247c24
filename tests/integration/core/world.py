"""The core on a real PostgreSQL with the outside in memory, and time that passes when a test says so."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, text, update

from app.bootstrap import Providers
from app.settings import Settings
from incidents import claims, clock, timeline
from incidents.models import Attempt, Call, Incident, Job, Member, Page
from incidents.people import Actor
from incidents.reports import Report, open_incident
from incidents.roles import Role
from incidents.store import Database, Transaction
from incidents.summary import Summary, summarize
from incidents.terms import JobKind
from incidents.words import Severity, Source
from tasks.runner import Runner
from tests.core_fakes import FakeComparer, FakeDoorbell, FakeMemory, FakeTriager, judged
from tests.fakes import FakeChat, FakeMail, FakePhone, FakeSpeech, FakeTickets

T = TypeVar("T")

ANA = Actor("Ana", via="slack", slack_user="U0ANA", role=Role.RESPONDER)
BEA = Actor("Bea", via="slack", slack_user="U0BEA", phone="+12025550111", role=Role.RESPONDER)
CY = Actor("Cy", via="slack", slack_user="U0CY", phone="+12025550112", role=Role.RESPONDER)
LEASE_AND_MORE = timedelta(seconds=120)


class KilledError(Exception):
    """The worker died here: nothing after this line was done, and nobody wrote down that it was not."""


class World:
    def __init__(self, database: Database, data_dir: Path) -> None:
        self.database = database
        self.store = database.only_store()
        self.bell = FakeDoorbell()
        self.chat, self.phone, self.tickets, self.speech = FakeChat(), FakePhone(), FakeTickets(), FakeSpeech()
        self.triager, self.memory, self.mail = FakeTriager(), FakeMemory(), FakeMail()
        self.comparer = FakeComparer()
        self.settings = Settings(_env_file=None, data_dir=data_dir, public_url="http://127.0.0.1:8080")
        self.providers = Providers(self.settings)
        self.providers.chat, self.providers.phone = self.chat, self.phone
        self.providers.tickets, self.providers.speech = self.tickets, self.speech
        self.providers.mail = self.mail
        self.providers.triager, self.providers.memory = self.triager, self.memory
        self.providers.comparer = self.comparer
        self.runner = Runner(database, self.providers, self.settings)

    def reported(self, title: str = "Checkout returns 502", **more: Any) -> Incident:
        given: dict[str, Any] = {"title": title, "source": Source.API, "by": ANA, **more}
        with self.store.autocommit() as tx:
            return open_incident(tx, Report(**given)).incident

    def triaged(self, severity: Severity, *, reported: Severity | None = None) -> Incident:
        """Reported and triaged with that severity, and everything done that was due then."""
        self.triager.verdict = judged(severity=severity)
        incident = self.reported(severity=reported)
        self.run_due()
        return self.fresh(incident)

    def act(self, incident: Incident, doing: Callable[[Transaction, Incident], T]) -> T:
        """In one transaction, with the incident locked, as every door does it."""
        with self.store.begin() as tx:
            return doing(tx, tx.get(Incident, incident.id, lock=True))

    def fresh(self, incident: Incident) -> Incident:
        with self.store.begin() as tx:
            return tx.get(Incident, incident.id)

    def summary(self, incident: Incident) -> Summary:
        return self.act(incident, summarize)

    def jobs(self, incident: Incident, kind: JobKind | None = None) -> Sequence[Job]:
        with self.store.begin() as tx:
            query = tx.select(Job).where(Job.incident_id == incident.id).order_by(Job.due, Job.key)
            return tx.session.scalars(query if kind is None else query.where(Job.kind == kind)).all()

    def job(self, incident: Incident, kind: JobKind, key: str | None = None) -> Job:
        found = [job for job in self.jobs(incident, kind) if key in (None, job.key)]
        assert len(found) == 1, f"{len(found)} jobs {kind} {key}"
        return found[0]

    def waiting(self, incident: Incident) -> set[str]:
        return {job.kind for job in self.jobs(incident) if job.done_at is None}

    def attempts(self, job: Job) -> Sequence[Attempt]:
        with self.store.begin() as tx:
            return tx.session.scalars(tx.select(Attempt).where(Attempt.job_id == job.id).order_by(Attempt.n)).all()

    def calls(self, incident: Incident) -> Sequence[Call]:
        with self.store.begin() as tx:
            return tx.session.scalars(
                tx.select(Call).where(Call.incident_id == incident.id).order_by(Call.placed_at, Call.placed_real)
            ).all()

    def pages(self, incident: Incident) -> Sequence[Page]:
        with self.store.begin() as tx:
            return tx.session.scalars(
                tx.select(Page).where(Page.incident_id == incident.id).order_by(Page.made_at, Page.rung)
            ).all()

    def nobody_talks(self) -> None:
        """Every call so far rang out, and Twilio has said so."""
        for call in self.phone.placed:
            call.status = "no-answer"
        with self.database.begin() as session:
            session.execute(update(Call).values(status="no-answer"))

    def told(self, incident: Incident) -> list[str]:
        """The kinds of the timeline's lines."""
        return [entry.kind for entry in self.act(incident, timeline.read)]

    def notes(self) -> list[str]:
        return [post.message.text for post in self.chat.posts]

    def run(self, job: Job) -> bool:
        return self.runner.run(job.id)

    def run_due(self) -> None:
        """What workers do, one job after the other, until nothing is due."""
        for _ in range(200):
            due = self.due()
            if not due:
                return
            for job in due:
                self.runner.run(job)
        raise AssertionError("there is always something due")

    def due(self) -> Sequence[UUID]:
        with self.database.begin() as session:
            return session.scalars(select(Job.id).where(claims._claimable()).order_by(Job.due, Job.created_at)).all()

    def hold(self) -> datetime:
        with self.database.begin() as session:
            return clock.hold(session)

    def now(self) -> datetime:
        return self.database.now()

    def pass_time(self, seconds: float) -> None:
        """The store's clock goes on, and what becomes due on the way is done when it is due, to the second."""
        end = self.now() + timedelta(seconds=seconds)
        while True:
            with self.database.begin() as session:
                due = session.scalars(select(Job.due).where(Job.done_at.is_(None)).order_by(Job.due).limit(1)).first()
            if due is None or due > end:
                break
            self._move_to(max(due, self.now()))
            self.run_due()
        self._move_to(end)

    def jump(self, seconds: float) -> None:
        """The store's clock goes on, and nobody works meanwhile."""
        with self.database.begin() as session:
            clock.advance(session, timedelta(seconds=seconds))

    def _move_to(self, moment: datetime) -> None:
        with self.database.begin() as session:
            clock.advance(session, moment - clock.read(session))

    def leases_lapse(self) -> None:
        """As if everything so far had been two minutes earlier in real time: who died holds nothing any more."""
        by = {"by": LEASE_AND_MORE}
        with self.database.begin() as session:
            session.execute(text("UPDATE jobs SET claimed_until = claimed_until - :by"), by)
            session.execute(text("UPDATE attempts SET started_real = started_real - :by"), by)
            session.execute(text("UPDATE calls SET placed_real = placed_real - :by"), by)
        for post in self.chat.posts:
            post.at -= LEASE_AND_MORE
        for call in self.phone.placed:
            call.at -= LEASE_AND_MORE

    def without_phones(self) -> None:
        with self.store.begin() as tx:
            for responder in tx.session.scalars(tx.select(Member)).all():
                responder.phone = None


def until_somebody_waits_for_a_lock(database: Database) -> None:
    """Of those who use this database."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    ends = time.monotonic() + 20
    while True:
        with database.begin() as session:
            if session.scalar(waiting):
                return
        assert time.monotonic() < ends, "nobody waits"


def in_parallel(doing: Callable[[int], T], *, threads: int) -> list[T]:
    """All at the same moment; their answers."""
    start = threading.Barrier(threads)

    def one(number: int) -> T:
        start.wait(timeout=20)
        return doing(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))
