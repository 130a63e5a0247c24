"""The workers that Celery rings for: triage and default. What the bell does not tell them they see for themselves."""

import gc
import threading
import uuid
import warnings

import structlog
from celery.platforms import SecurityWarning

from app import bootstrap
from app.bootstrap import Providers
from app.settings import Settings
from incidents.store import Database
from integrations.queue import RUN_JOB, celery_app
from tasks import keeping
from tasks.keeping import Keeping
from tasks.lookout import Lookout
from tasks.rounds import rounds_beside
from tasks.runner import Runner

THREADS = {"triage": 2, "default": 8}
LOOKS = {"triage": 1, "default": 4}
"""How many jobs at once a worker does that it found by itself, while Redis is away or Celery's consumer is stuck."""
LOOKS_EVERY_SECONDS = 2.0

log = structlog.get_logger(__name__)


def run(queue: str, settings: Settings, providers: Providers, database: Database, runner: Runner) -> None:
    """Work until the process is told to stop. A Redis that is away makes it slower by some seconds, and no more.

    Celery's consumer takes nothing any more after an acknowledgement of a message was lost, and does not say so.
    """
    if settings.redis_url is None:
        raise bootstrap.NotReady("REDIS_URL is not set.")
    if queue == "triage":
        bootstrap.warm_up(providers)
    warnings.filterwarnings("ignore", category=SecurityWarning)  # Messages are JSON, no pickles: root is no risk here.
    app = celery_app(settings.redis_url)

    @app.task(name=RUN_JOB)  # type: ignore[untyped-decorator]  # Celery's decorators carry no types.
    def run_job(job: str) -> None:
        runner.run(uuid.UUID(job))

    # Said before Redis has answered: it may be away for long, and the worker is no less ready for that.
    log.info("ready", queue=queue, threads=THREADS[queue])
    options = [
        "--quiet",
        "worker",
        "--pool=threads",
        f"--concurrency={THREADS[queue]}",
        f"--queues={queue}",
        f"--hostname={queue}@%h",
        "--loglevel=WARNING",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ]
    lookout, stopped = Lookout(database, runner, queue, threads=LOOKS[queue]), threading.Event()
    rounds_beside(lookout.once, every_seconds=LOOKS_EVERY_SECONDS, stopped=stopped)
    if queue == "triage" and settings.chroma_url is not None:
        rounds_beside(Keeping(database, providers.memory).once, every_seconds=keeping.EVERY_SECONDS, stopped=stopped)
    try:
        app.worker_main(options)
    finally:
        stopped.set()
        lookout.finish()
        gc.freeze()  # Collecting what the model's libraries left takes seconds, and nobody needs the memory any more.
