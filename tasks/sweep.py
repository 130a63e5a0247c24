"""The sweep: every second it rings for what is due, and does the pages that nobody took; beside it the auditor."""

import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from app import bootstrap
from app.bootstrap import Providers
from app.logging import configure_logging
from app.resolve import load
from app.settings import Settings
from incidents import claims, heartbeats
from incidents.errors import TemporaryError
from incidents.ports import Doorbell, Ring
from incidents.store import Database
from tasks import auditor, deadman, hand_overs, roll_call, telling
from tasks.auditor import Auditor
from tasks.deadman import DeadMan
from tasks.hand_overs import HandOvers
from tasks.heart import Heart
from tasks.lookout import Lookout
from tasks.roll_call import RollCall
from tasks.rounds import rounds, rounds_beside
from tasks.runner import Runner

EVERY_SECONDS = 1.0
PAGES_AT_ONCE = 4
HANGS_AFTER_SECONDS = 20.0

log = structlog.get_logger(__name__)


class Sweep:
    """One of possibly several; rows that another one looks at are passed over."""

    def __init__(self, database: Database, doorbell: Doorbell) -> None:
        self._database = database
        self._doorbell = doorbell
        self._last_round = time.monotonic()

    def once(self) -> int:
        """How many jobs were due and in nobody's hands."""
        self._last_round = time.monotonic()
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
            log.error("bell_silent", reason=reason, advice="the workers look for themselves every few seconds")  # noqa: TRY400

    def works(self) -> bool:
        """Whether a round began lately; a database or a Redis that is away costs some seconds, and no more."""
        return time.monotonic() - self._last_round < HANGS_AFTER_SECONDS


def beside(settings: Settings, database: Database, providers: Providers) -> list[tuple[Callable[[], object], float]]:
    """What this process does besides, each with the seconds between its rounds."""
    chat, channel = providers.chat, settings.admin_channel
    tells = chat is not None and channel is not None
    found: list[tuple[Callable[[], object], float]] = [(Auditor(database, tells=tells).once, auditor.EVERY_SECONDS)]
    if chat is not None:
        found.append((RollCall(database, chat).once, roll_call.EVERY_SECONDS))
    if chat is not None and channel is not None:
        found.append((telling.admins(database, chat, channel).once, telling.EVERY_SECONDS))
    if chat is not None:
        found.append((HandOvers(database, chat).once, hand_overs.EVERY_SECONDS))
    if settings.deadman_url is not None:
        every = timedelta(seconds=settings.deadman_every)
        found.append((DeadMan(database, settings.deadman_url, every=every).once, deadman.EVERY_SECONDS))
    return found


def main() -> None:
    settings = load()
    configure_logging(settings, part="sweep")
    database, providers = bootstrap.database(settings), bootstrap.Providers(settings)
    runner = Runner(bootstrap.ringing_database(settings), providers, settings)
    stopped = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopped.set())
    sweep = Sweep(database, bootstrap.doorbell(settings))
    pages = Lookout(database, runner, "page", threads=PAGES_AT_ONCE)
    heart = Heart(database, heartbeats.SWEEP, alive=sweep.works, file=settings.alive_file)
    # Each in a thread of its own, so that nothing keeps the others from their rounds.
    besides = [
        *beside(settings, database, providers),
        (pages.once, EVERY_SECONDS),
        (heart.once, heartbeats.EVERY_SECONDS),
    ]
    for doing, seconds in besides:
        rounds_beside(doing, every_seconds=seconds, stopped=stopped)
    log.info("ready")
    rounds(sweep.once, every_seconds=EVERY_SECONDS, stopped=stopped)
    pages.finish()


if __name__ == "__main__":
    main()
