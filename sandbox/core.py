"""What the stand-ins share: ledger, faults, the product's address, one HTTP client, and work in the background."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
from starlette.routing import BaseRoute

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.provider import Provider
from sandbox.spoken import Spoken
from sandbox.state import State

log = logging.getLogger("sandbox")


@dataclass
class Sandbox:
    """`product` and `address` are base addresses without a slash at the end; `address` is the sandbox's own."""

    product: str
    port: int
    http: httpx.AsyncClient
    ledger: Ledger = field(default_factory=Ledger)
    state: State = field(default_factory=State)
    faults: Faults = field(default_factory=Faults)
    manifest: Path | None = None
    socket_mode: bool = False
    spoken: Spoken = field(default_factory=Spoken)
    _running: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def speech_port(self) -> int:
        return self.port + 1

    @property
    def mail_port(self) -> int:
        return self.port + 2

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let it run beside the requests; a reset or the end stops it, and what it raises is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def stop_background(self) -> None:
        for task in list(self._running):
            task.cancel()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("work in the background failed", exc_info=error)


class StandIn(Protocol):
    """One outside service. Its module has `build(sandbox: Sandbox) -> StandIn`, called once before the start."""

    @property
    def mounts(self) -> Mapping[str, Provider]:
        """URL prefix (`/twilio`, `/jira`, `/llm`) to the provider that answers everything below it."""

    def control_routes(self) -> Sequence[BaseRoute]:
        """Routes with full paths: `Route("/control/phone/call", call, methods=["POST"])`."""

    def reset(self) -> None:
        """Back to the default world; background work was stopped just before."""

    async def start(self) -> None:
        """Called in the server's event loop before the first request."""

    async def stop(self) -> None: ...
