"""The page worker: it needs the database and the phone provider, and nothing else."""

import signal
import threading

import structlog

from incidents.store import Database
from tasks.lookout import Lookout
from tasks.runner import Runner

THREADS = 8
EVERY_SECONDS = 0.2

log = structlog.get_logger(__name__)


def run(database: Database, runner: Runner) -> None:
    """Look for pages several times a second, until the process is told to stop."""
    stopped = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopped.set())
    log.info("ready", queue="page", threads=THREADS)
    Lookout(database, runner, "page", threads=THREADS).run(stopped, every_seconds=EVERY_SECONDS)
