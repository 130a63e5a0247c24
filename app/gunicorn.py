"""How gunicorn runs the web process: one process, threads for slow readers and live pages, our logs, a quick end."""

import logging

from gunicorn.glogging import Logger

from app.logging import configure_logging
from app.resolve import load

THREADS = 16

settings = load()
bind = f"{settings.listen_address}:{settings.port}"
worker_class = "gthread"
workers = 1
threads = THREADS
graceful_timeout = 3
keepalive = 5
control_socket_disable = True


class JsonLogger(Logger):  # type: ignore[misc]  # gunicorn carries no types.
    """Hands gunicorn's own lines to the process's log."""

    def setup(self, cfg: object) -> None:
        configure_logging(settings, part="web")
        for name in ("gunicorn.error", "gunicorn.access"):
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True


logger_class = JsonLogger
