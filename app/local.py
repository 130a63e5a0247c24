"""The servers that this data folder provides, for the settings that name none."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog

from app.services.chroma import Chroma
from app.services.lock import AlreadyRunning
from app.services.postgres import Postgres
from app.services.redis import Redis
from app.services.service import Service, running
from app.settings import Settings

log = structlog.get_logger(__name__)

SETTING = {"postgres": "database_url", "redis": "redis_url", "chroma": "chroma_url"}


def services_for(settings: Settings) -> list[Service]:
    """One for each of `DATABASE_URL`, `REDIS_URL` and `CHROMA_URL` that is absent."""
    kinds: tuple[Callable[[Path], Service], ...] = (Postgres, Redis, Chroma)
    names = ("database_url", "redis_url", "chroma_url")
    return [kind(settings.data_dir) for name, kind in zip(names, kinds, strict=True) if getattr(settings, name) is None]


def with_urls(settings: Settings, services: Sequence[Service]) -> Settings:
    """The settings with the addresses of running services in them."""
    return settings.model_copy(update={SETTING[service.name]: service.url for service in services})


@contextmanager
def local_services(settings: Settings) -> Iterator[Settings]:
    """For a command that needs the servers: those of a running `up` are used, else they run inside the block."""
    services = services_for(settings)
    if not services:
        yield settings
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(running(services, data_dir=settings.data_dir))
        except AlreadyRunning:
            log.info("services_shared", data_dir=str(settings.data_dir))
        yield with_urls(settings, services)
