"""Celery as the doorbell: a message says which job to look at, and losing one costs a second."""

import queue
import threading
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog
from celery import Celery
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from incidents.errors import TemporaryError
from incidents.ports import Doorbell, Ring

RUN_JOB = "tasks.run_job"
QUEUES = ("triage", "default")
"""Whose workers wait for the bell. The page worker looks for itself, and a message for it would wait for ever."""
RING_IS_STALE_AFTER = timedelta(seconds=30)
SOCKET_SECONDS = 2
MOST_WAITING = 10_000
MOST_A_SECOND = 40
"""Messages of one process. What comes faster is done no sooner for being told: the sweep rings when there are hands."""
ANSWER_FIRST = 0.05
"""Seconds: a message costs as much time of this process as an answer, and whoever reported waits for the answer."""

log = structlog.get_logger(__name__)


def celery_app(redis_url: str) -> Celery:
    """Celery over this Redis, set so that nothing waits for ever and a killed worker's messages come back."""
    app = Celery("tocsin", broker=redis_url)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": 60,
            "unacked_restore_interval": 5,
            "socket_timeout": SOCKET_SECONDS,
            "socket_connect_timeout": SOCKET_SECONDS,
            "socket_keepalive": True,
        },
    )
    return app


class CeleryDoorbell:
    """The `Doorbell` over Celery."""

    def __init__(self, redis_url: str) -> None:
        self._app = celery_app(redis_url)

    def ring(self, rings: Sequence[Ring]) -> None:
        rings = _heard(rings)
        if not rings:
            return
        try:
            with self._app.producer_pool.acquire(block=True, timeout=SOCKET_SECONDS) as producer:
                for ring in rings:
                    self._app.send_task(
                        RUN_JOB,
                        args=[str(ring.job)],
                        queue=ring.queue,
                        expires=RING_IS_STALE_AFTER.total_seconds(),
                        producer=producer,
                        retry=False,
                    )
        except (KombuError, RedisError, OSError) as error:
            raise TemporaryError(f"Redis did not take the message: {error}") from error


def _heard(rings: Sequence[Ring]) -> list[Ring]:
    return [ring for ring in rings if ring.queue in QUEUES]


class Allowance:
    """So many a second, and as many at once after a second of silence."""

    def __init__(self, a_second: int) -> None:
        self._a_second = a_second
        self._left: float = a_second
        self._asked = time.monotonic()

    def take(self, wanted: int) -> int:
        """How many of those are allowed now."""
        now = time.monotonic()
        self._left = min(self._left + (now - self._asked) * self._a_second, self._a_second)
        self._asked = now
        taken = min(wanted, int(self._left))
        self._left -= taken
        return taken


class BackgroundBell:
    """Rings from a thread of its own: nobody who answers a person waits for Redis. What it drops, the sweep finds."""

    def __init__(self, doorbell: Doorbell) -> None:
        self._doorbell = doorbell
        self._waiting: queue.Queue[Ring] = queue.Queue(MOST_WAITING)
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None
        self._allowed = Allowance(MOST_A_SECOND)

    def ring_soon(self, rings: Sequence[Ring]) -> None:
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._ring_for_ever, name="doorbell", daemon=True)
                self._thread.start()
        for ring in _heard(rings):
            try:
                self._waiting.put_nowait(ring)
            except queue.Full:
                log.warning("bell_dropped", job=str(ring.job))

    def _ring_for_ever(self) -> None:
        while True:
            rings = [self._waiting.get()]
            time.sleep(ANSWER_FIRST)  # noqa: TID251
            while not self._waiting.empty():
                rings.append(self._waiting.get())
            try:
                self._doorbell.ring(rings[: self._allowed.take(len(rings))])
            except TemporaryError as error:
                log.warning("bell_silent", rings=len(rings), reason=str(error))
