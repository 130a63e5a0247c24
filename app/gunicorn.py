"""How gunicorn runs the web part: two processes, threads for slow readers and live pages, our logs, a quick end."""

import logging
import shutil
import tempfile

from gunicorn.glogging import Logger

from app.logging import configure_logging
from app.resolve import load

PROCESSES = 2
"""A Python process uses one core: with one, reports of the same moment wait for each other (decision 0035)."""
THREADS = 16

settings = load()
bind = f"{settings.listen_address}:{settings.port}"
worker_class = "gthread"
workers = PROCESSES
threads = THREADS
graceful_timeout = 3
keepalive = 5
control_socket_disable = True
counted_in = tempfile.mkdtemp(prefix="tocsin-metrics-")
"""The processes count together, so that each tells the same: https://prometheus.github.io/client_python/multiprocess/"""
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={counted_in}"]


def on_exit(_server: object) -> None:
    shutil.rmtree(counted_in, ignore_errors=True)


class JsonLogger(Logger):  # type: ignore[misc]  # gunicorn carries no types.
    """Hands gunicorn's own lines to the process's log."""

    def setup(self, cfg: object) -> None:
        configure_logging(settings, part="web")
        for name in ("gunicorn.error", "gunicorn.access"):
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True


logger_class = JsonLogger
