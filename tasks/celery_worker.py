"""The workers that Celery rings for: triage and default. What the bell misses, the sweep rings for again."""

import gc
import uuid
import warnings

import structlog
from celery.platforms import SecurityWarning

from app import bootstrap
from app.bootstrap import Providers
from app.settings import Settings
from integrations.queue import RUN_JOB, celery_app
from tasks.runner import Runner

THREADS = {"triage": 2, "default": 8}

log = structlog.get_logger(__name__)


def run(queue: str, settings: Settings, providers: Providers, runner: Runner) -> None:
    """Work until the process is told to stop. A Redis that is away, also at the start, is waited for."""
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
    try:
        app.worker_main(options)
    finally:
        gc.freeze()  # Collecting what the model's libraries left takes seconds, and nobody needs the memory any more.
