"""A Celery worker: `python -m tasks.worker QUEUE`, where QUEUE is page, triage or default."""

import gc
import sys
import uuid
import warnings

import structlog
from celery.platforms import SecurityWarning
from celery.signals import worker_ready

from app import bootstrap
from app.logging import configure_logging
from app.resolve import load
from integrations.queue import RUN_JOB, celery_app
from tasks.runner import Runner

THREADS = {"page": 8, "triage": 2, "default": 8}

log = structlog.get_logger(__name__)


def main(queue: str) -> None:
    settings = load()
    configure_logging(settings, part=f"worker-{queue}")
    if settings.redis_url is None:
        raise bootstrap.NotReady("REDIS_URL is not set.")
    providers = bootstrap.Providers(settings)
    if queue == "triage":
        bootstrap.warm_up(providers)
    runner = Runner(bootstrap.ringing_database(settings), providers, settings)
    warnings.filterwarnings("ignore", category=SecurityWarning)  # Messages are JSON, no pickles: root is no risk here.
    app = celery_app(settings.redis_url)

    @app.task(name=RUN_JOB)  # type: ignore[untyped-decorator]  # Celery's decorators carry no types.
    def run_job(job: str) -> None:
        runner.run(uuid.UUID(job))

    @worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
    def ready(**_: object) -> None:
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


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in THREADS:
        sys.exit(f"usage: python -m tasks.worker {'|'.join(THREADS)}")
    main(sys.argv[1])
