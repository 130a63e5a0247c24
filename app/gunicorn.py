"""How gunicorn runs the web part: two processes, threads for slow readers and live pages, our logs, a quick end."""

import logging
import os
import shutil
import tempfile

from gunicorn.glogging import Logger

from app.logging import configure_logging
from app.resolve import load

PROCESSES = 2
"""A Python process uses one core: with one, reports of the same moment wait for each other (decision 0035)."""
THREADS = 16
METRICS = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes count together, so that each tells the same: https://prometheus.github.io/client_python/multiprocess/"""

settings = load()
bind = f"{settings.listen_address}:{settings.port}"
worker_class = "gthread"
workers = PROCESSES
threads = THREADS
graceful_timeout = 3
keepalive = 5
control_socket_disable = True


def on_starting(_server: object) -> None:
    os.environ[METRICS] = tempfile.mkdtemp(prefix="tocsin-metrics-")


def on_exit(_server: object) -> None:
    shutil.rmtree(os.environ[METRICS], ignore_errors=True)


class JsonLogger(Logger):  # type: ignore[misc]  # gunicorn carries no types.
    """Hands gunicorn's own lines to the process's log."""

    def setup(self, cfg: object) -> None:
        configure_logging(settings, part="web")
        for name in ("gunicorn.error", "gunicorn.access"):
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True


logger_class = JsonLogger
