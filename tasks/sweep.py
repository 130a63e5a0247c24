"""The sweep: every second it rings for what is due; when Redis is away it does the pages itself."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app import bootstrap
from app.logging import configure_logging
from app.resolve import load
from incidents import claims
from incidents.errors import TemporaryError
from incidents.ports import Doorbell, Ring
from incidents.store import Database
from tasks.runner import Runner

EVERY_SECONDS = 1.0
PAGES_AT_ONCE = 4

log = structlog.get_logger(__name__)


class Sweep:
    """One of possibly several; rows that another one looks at are passed over."""

    def __init__(self, database: Database, doorbell: Doorbell, runner: Runner) -> None:
        self._database = database
        self._doorbell = doorbell
        self._runner = runner
        self._pages = ThreadPoolExecutor(PAGES_AT_ONCE, thread_name_prefix="page")

    def once(self) -> int:
        """How many jobs were due and in nobody's hands."""
        with self._database.begin() as session:
            rings = claims.due_rings(session)
        if rings:
            self._ring(rings)
        return len(rings)

    def _ring(self, rings: list[Ring]) -> None:
        try:
            self._doorbell.ring(rings)
        except TemporaryError as error:
            reason = str(error)  # Its traceback says no more.
            log.error("bell_silent", reason=reason, advice="the sweep makes the pages itself")  # noqa: TRY400
            for ring in rings:
                if ring.queue == "page":
                    self._pages.submit(self._runner.run, ring.job)

    def run(self, stopped: threading.Event) -> None:
        log.info("ready")
        while not stopped.wait(EVERY_SECONDS):
            try:
                self.once()
            except SQLAlchemyError as error:
                log.error("database_away", reason=str(error))  # noqa: TRY400  # It comes each second.
        self._pages.shutdown(wait=True, cancel_futures=True)


def main() -> None:
    settings = load()
    configure_logging(settings, part="sweep")
    database = bootstrap.database(settings)
    runner = Runner(bootstrap.ringing_database(settings), bootstrap.Providers(settings), settings)
    stopped = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopped.set())
    Sweep(database, bootstrap.doorbell(settings), runner).run(stopped)


if __name__ == "__main__":
    main()
