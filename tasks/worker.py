"""A worker: `python -m tasks.worker QUEUE`, where QUEUE is page, triage or default."""

import os
import sys
import threading
import time
from pathlib import Path

from app import bootstrap
from app.bootstrap import Providers
from app.logging import configure_logging
from app.resolve import load
from incidents import heartbeats
from incidents.terms import QUEUES
from tasks import page_worker
from tasks.heart import Heart
from tasks.rounds import rounds_beside
from tasks.runner import Runner

AUTOGROUP = Path("/proc/self/autogroup")
MOST_TRIES = 20
BETWEEN_TRIES = 0.15
"""Seconds."""
YIELDS = 5
"""How nice triage and the default worker are: on a busy machine, reports are accepted and people called first.

They get a third of what others get then. With much less they would hold what they have locked for so long that others
wait for them.
"""


def main(queue: str) -> None:
    settings = load()
    configure_logging(settings, part=f"worker-{queue}")
    database = bootstrap.ringing_database(settings)
    providers = Providers(settings, database)
    runner = Runner(database, providers, settings)
    heart = Heart(database, f"worker-{queue}", file=settings.alive_file)
    rounds_beside(heart.once, every_seconds=heartbeats.EVERY_SECONDS, stopped=threading.Event())
    if queue == "page":
        page_worker.run(database, runner)
        return
    yield_to_others()
    # Celery loads slowly, and the page worker does not wait for it.
    from tasks import celery_worker

    celery_worker.run(queue, settings, providers, database, runner)


def yield_to_others() -> None:
    """As a process and, where Linux weighs those, as a session.

    Linux may weigh sessions against each other instead of processes (autogroup, sched(7)), and each part of the product
    has one of its own.
    """
    os.nice(YIELDS)
    if os.getsid(0) != os.getpid():
        return  # It is somebody's terminal.
    for _ in range(MOST_TRIES):
        try:
            AUTOGROUP.write_text(str(YIELDS))
        except BlockingIOError:  # Only one process of the machine may do it in a tenth of a second.
            time.sleep(BETWEEN_TRIES)  # noqa: TID251
        except OSError:
            return  # It does not weigh them, or does not let us.
        else:
            return


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in QUEUES:
        sys.exit(f"usage: python -m tasks.worker {'|'.join(QUEUES)}")
    main(sys.argv[1])
