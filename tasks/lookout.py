"""A lookout finds due jobs of one queue in the database itself and does them: it needs no bell, and so no Redis."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import structlog

from incidents import claims
from incidents.store import Database
from tasks.rounds import rounds
from tasks.runner import Runner

log = structlog.get_logger(__name__)


class Lookout:
    """Does up to `threads` jobs at once. Of several lookouts, also in other processes, one does each job."""

    def __init__(self, database: Database, runner: Runner, queue: str, *, threads: int) -> None:
        self._database = database
        self._runner = runner
        self._queue = queue
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=queue)
        self._in_hand: set[uuid.UUID] = set()

    def once(self) -> int:
        """Begin what is due and in nobody's hands; how many jobs that were."""
        free = self._threads - len(self._in_hand)
        if free <= 0:
            return 0
        with self._database.begin() as session:
            due = claims.due_in(session, self._queue, limit=free, but=list(self._in_hand))
        for job in due:
            self._in_hand.add(job)
            self._pool.submit(self._do, job)
        return len(due)

    def run(self, stopped: threading.Event, *, every_seconds: float) -> None:
        """Look again and again until it is stopped, whatever becomes of the database meanwhile."""
        rounds(self.once, every_seconds=every_seconds, stopped=stopped)
        self.finish()

    def finish(self) -> None:
        """What is in hand is ended; nothing more is begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _do(self, job: uuid.UUID) -> None:
        try:
            self._runner.run(job)
        except Exception:
            # The runner has told bugs already; what is left is a database that went away. The job comes back.
            log.exception("job_left", job=str(job))
        finally:
            self._in_hand.discard(job)
