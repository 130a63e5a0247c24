"""The product's parts on one machine: which processes there are, in which order they start, when each is ready."""

import sys
from collections.abc import Callable
from pathlib import Path

from app.admin_key import key_file
from app.local import services_for, with_urls
from app.part import Part, answers
from app.services.process import Program
from app.services.service import Service
from app.settings import Settings, environment_of

ROOT = Path(__file__).parent.parent
WORKERS = ("page", "triage", "default")


def parts_of(settings: Settings) -> list[Part]:
    """Local services, what prepares them, and then everything that works on them."""
    services = services_for(settings)

    def running_settings() -> Settings:
        return with_urls(settings, services)

    def ours(name: str, *command: str) -> Callable[[], Program]:
        return lambda: Program(name, [sys.executable, *command], environment_of(running_settings()), folder=ROOT)

    def working(name: str, *command: str, ready: Callable[[], bool] | None = None) -> Part:
        return Part(name, ours(name, *command), ready, after=("prepare",))

    parts = [_part_of(service) for service in services]
    parts.append(Part("prepare", ours("prepare", "-m", "app", "prepare"), after=_names(services), once=True))
    health = answers(f"http://127.0.0.1:{settings.port}/api/health")
    parts.append(working("web", "-m", "gunicorn", "--config", "python:app.gunicorn", "web.wsgi:app()", ready=health))
    parts += [working(f"worker-{queue}", "-m", "tasks.worker", queue) for queue in WORKERS]
    parts.append(working("sweep", "-m", "tasks.sweep"))
    if settings.slack_app_token is not None:
        parts.append(working("socket", "-m", "bot.socket"))
    if settings.sandbox:
        parts.append(Part("sandbox", ours("sandbox", *_sandbox(settings)), answers(_health_of_sandbox(settings))))
    return parts


def _part_of(service: Service) -> Part:
    return Part(service.name, service.program, service.ready, quiet=True)


def _names(services: list[Service]) -> tuple[str, ...]:
    return tuple(service.name for service in services)


def _sandbox(settings: Settings) -> tuple[str, ...]:
    """The page asks the product's REST on this machine, also when PUBLIC_URL is an address on the way from outside."""
    data = settings.data_dir.absolute()
    addresses = ("--port", str(settings.sandbox_port), "--product", settings.public_url)
    rest = ("--product-api", f"http://127.0.0.1:{settings.port}", "--product-key-file", str(key_file(settings)))
    kept = ("--ledger", str(data / "ledger.jsonl"), "--state", str(data / "sandbox-state.db"))
    app = ("--manifest", str(ROOT / "manifest.yml"), *(["--socket-mode"] if settings.slack_app_token else []))
    return ("-m", "sandbox", *addresses, *rest, *kept, *app)


def _health_of_sandbox(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.sandbox_port}/health"
