"""What every HTTP stand-in shares: a request is named, meets its fault, is answered and noted, then replied to."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.connection import drop, hold
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.state import State

SILENCE_SECONDS = 60.0
DELAY_SECONDS = 3.0
RETRY_AFTER = {"429": {"Retry-After": "1"}, "429-later": {"Retry-After": "30"}, "429-bare": {}}


@dataclass
class Reply:
    """What a provider answers. `body` is sent as JSON unless it is bytes; `effect` is what changed, for the ledger."""

    body: Any
    status: int = 200
    effect: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"

    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Provider(Protocol):
    """A stand-in behind a URL prefix; `request.path_params["path"]` is the path below that prefix."""

    name: str

    def method(self, request: Request) -> str:
        """The request's name as the provider writes it: `conversations.create`, `POST /rest/api/3/issue`."""

    async def answer(self, request: Request, body: bytes) -> Reply: ...

    def noted(self, request: Request, body: bytes) -> Any:
        """The request as the ledger keeps it: parsed parameters, without secrets."""


class CloseConnection(Exception):
    """Raised below a desk: the connection is reset without an answer."""


class Desk:
    """An ASGI endpoint that puts one provider behind its faults, the state and the ledger."""

    def __init__(self, provider: Provider, state: State, ledger: Ledger, faults: Faults) -> None:
        self._provider = provider
        self._state = state
        self._ledger = ledger
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._serve(Request(scope, receive))
        except CloseConnection:
            await drop(scope, receive)
        else:
            await response(scope, receive, send)

    async def _serve(self, request: Request) -> Response:
        body = await request.body()
        method = self._provider.method(request)
        fault = self._faults.take(self._provider.name, method)
        before = _instead(fault)
        if before is not None:
            reply = before
        elif fault in ("reset", "silence"):
            reply = Reply({"fault": fault}, status=0)
        else:
            reply = await self._provider.answer(request, body)
        if reply.effect is not None:
            self._state.keep(self._provider.name, reply.effect)
        noted = self._provider.noted(request, body)
        response = reply.body if not isinstance(reply.body, bytes) else f"<{len(reply.body)} bytes>"
        self._ledger.write(
            provider=self._provider.name,
            method=method,
            request=noted,
            response={"status": reply.status, "body": response, **({"fault": fault} if fault else {})},
            effect=reply.effect,
        )
        if fault in ("silence", "silence-after"):
            await hold(request.receive, SILENCE_SECONDS)
        if fault in ("reset", "reset-after", "silence", "silence-after"):
            raise CloseConnection(fault)
        if fault == "delay":
            await asyncio.sleep(DELAY_SECONDS)
        if fault == "500-after":
            reply = Reply({"error": "sandbox fault 500-after"}, status=500)
        if fault == "garbage":
            reply = Reply(b"<html>502 Bad Gateway", media_type="text/html")
        return Response(reply.raw(), status_code=reply.status, headers=dict(reply.headers), media_type=reply.media_type)


def _instead(fault: str | None) -> Reply | None:
    if fault in ("500", "503"):
        return Reply({"error": f"sandbox fault {fault}"}, status=int(fault))
    if fault in RETRY_AFTER:
        return Reply({"error": f"sandbox fault {fault}"}, status=429, headers=RETRY_AFTER[fault])
    return None
