"""What the living do when a worker has died: everything that is still owed, as the time for it comes."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from incidents import claims, jobs, lifecycle
from incidents.models import Job
from incidents.terms import TERMS, JobKind
from incidents.words import Status
from tests.integration.core.world import BEA, World
from tests.integration.crash import passing
from tests.integration.crash.outcomes import BugError
from tests.integration.crash.rewinding import Scene

PAGING = {JobKind.PAGE, JobKind.TELL_EVERYBODY}
SEARCH_LAGS = timedelta(seconds=200)
A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Promise:
    """A job as a worker sees it: `free` when nobody has it in hand, `now` when it can be taken."""

    id: UUID
    kind: JobKind
    outcome: str | None
    error: str | None
    due: datetime
    free: bool
    now: bool


class Aftermath:
    """Other workers, who do not die, and a clock that goes on."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._world = scene, scene.world
        self._began = scene.world.now()

    def lease_ends(self) -> None:
        """The others work on until nobody waits for the dead worker any more; its job is free, and not taken yet."""
        self._work_until(self._world.now() + TERMS[JobKind(self._scene.job.kind)].lease + A_MOMENT)

    def to_the_end(self) -> None:
        """Until nothing is owed. What was refused is tried again by a person; who is paged answers, and ends it."""
        for _ in range(150):
            promises = self._promises()
            if self._done_now(promises) or self._person_tries_again(promises) or self._person_answers(promises):
                continue
            if self._person_ends_it(promises):
                continue
            owed = [promise for promise in promises if promise.outcome is None]
            if not owed:
                return
            held = self._world.now() + max(TERMS[promise.kind].lease for promise in owed) + A_MOMENT
            self._move_to(min((promise.due for promise in owed if promise.free), default=held))
        raise AssertionError(f"owed for ever: {[each for each in self._promises() if each.outcome is None]}")

    def _work_until(self, end: datetime) -> None:
        while True:
            promises = self._promises()
            if self._done_now(promises):
                continue
            due = min((each.due for each in promises if each.outcome is None and each.free), default=end)
            self._move_to(min(due, end))
            if due >= end:
                return

    def _done_now(self, promises: list[Promise]) -> bool:
        due = [promise for promise in promises if promise.now]
        for promise in due:
            # The worker logs a bug and goes on; the job comes back when its lease ends.
            with suppress(BugError):
                self._world.runner.run(promise.id)
        return bool(due)

    def _person_tries_again(self, promises: list[Promise]) -> bool:
        failed = [promise for promise in promises if promise.outcome == "failed"]
        for promise in failed:
            assert "job_failed" in self._world.told(self._scene.incident), f"nobody is told that {promise} failed"
            self._again(promise.id)
        return bool(failed)

    def _again(self, job: UUID) -> None:
        self._world.act(self._scene.incident, lambda tx, _: jobs.try_again(tx, tx.get(Job, job, lock=True)))

    def _person_answers(self, promises: list[Promise]) -> bool:
        """Only when the job has come to its end, and nothing but paging is left."""
        owed = [promise for promise in promises if promise.outcome is None]
        if any(promise.kind not in PAGING or promise.id == self._scene.job.id for promise in owed):
            return False
        if not (owed or ringing(self._world)) or self._world.fresh(self._scene.incident).status is not Status.OPEN:
            return False
        self._world.act(self._scene.incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
        return True

    def _person_ends_it(self, promises: list[Promise]) -> bool:
        """Whoever has the incident would be asked for ever whether they still do."""
        owed = [promise for promise in promises if promise.outcome is None]
        if not owed or any(each.kind is not JobKind.FOLLOW_UP or each.id == self._scene.job.id for each in owed):
            return False
        self._world.act(self._scene.incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
        return True

    def _promises(self) -> list[Promise]:
        free = or_(Job.claimed_until.is_(None), Job.claimed_until < func.clock_timestamp())
        query = select(Job.id, Job.kind, Job.outcome, Job.error, Job.due, free, claims._claimable())
        with self._world.database.begin() as session:
            rows = session.execute(query.order_by(Job.due, Job.created_at)).all()
        return [Promise(row[0], JobKind(row[1]), *row[2:]) for row in rows]

    def _move_to(self, moment: datetime) -> None:
        now = self._world.now()
        if moment > now:
            passing.by(self._world, moment - now)
        if moment - self._began >= SEARCH_LAGS:
            for ticket in self._world.tickets.tickets.values():
                ticket.found = True


def ringing(world: World) -> list[str]:
    """The calls that the phone provider has and that have not ended."""
    return [call.sid for call in world.phone.placed if call.status == "queued"]
