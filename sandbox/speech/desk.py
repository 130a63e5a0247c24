"""What a desk is to HTTP: a gRPC call meets its fault, is answered, noted in the ledger, and only then replied to."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import grpc

from sandbox.core import Sandbox
from sandbox.provider import DELAY_SECONDS, SILENCE_SECONDS
from sandbox.speech.refusing import Invalid

Context = Any
"""grpc.aio.ServicerContext; grpc has no types of its own."""

STATUS = {
    "500": grpc.StatusCode.INTERNAL,
    "500-after": grpc.StatusCode.INTERNAL,
    "503": grpc.StatusCode.UNAVAILABLE,
    "429": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "reset": grpc.StatusCode.UNAVAILABLE,
    "reset-after": grpc.StatusCode.UNAVAILABLE,
    "silence": grpc.StatusCode.DEADLINE_EXCEEDED,
    "silence-after": grpc.StatusCode.DEADLINE_EXCEEDED,
}
BEFORE = frozenset({"500", "503", "429", "reset", "silence"})
GARBAGE = b"\xff\xff\xff"


class SpeechDesk:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def serve(
        self, method: str, noted: dict[str, Any], context: Context, answer: Callable[[], Awaitable[tuple[bytes, Any]]]
    ) -> bytes:
        """`answer` gives the reply as it is sent, and as the ledger keeps it."""
        fault = self._sandbox.faults.take("speech", method)
        reply: bytes = b""
        shown: Any = None
        refused: Invalid | None = None
        if fault not in BEFORE:
            try:
                reply, shown = await answer()
            except Invalid as error:
                refused = error
        status = _status(fault, refused)
        self._note(method, noted, status, shown if refused is None else str(refused), fault)
        if fault == "delay":
            await asyncio.sleep(DELAY_SECONDS)
        if fault in ("silence", "silence-after"):
            await asyncio.sleep(SILENCE_SECONDS)
        if fault == "garbage":
            return GARBAGE
        if status is not grpc.StatusCode.OK:
            await _abort(context, status, str(refused) if refused else f"sandbox fault {fault}")
        return reply

    def _note(self, method: str, noted: dict[str, Any], status: grpc.StatusCode, shown: Any, fault: str | None) -> None:
        response = {"status": status.name, "body": shown, **({"fault": fault} if fault else {})}
        self._sandbox.ledger.write(provider="speech", method=method, request=noted, response=response)


def _status(fault: str | None, refused: Invalid | None) -> grpc.StatusCode:
    if fault in STATUS:
        return STATUS[fault]
    return grpc.StatusCode.OK if refused is None else grpc.StatusCode.INVALID_ARGUMENT


async def _abort(context: Context, status: grpc.StatusCode, why: str) -> NoReturn:
    await context.abort(status, why)
    raise AssertionError("abort does not return")
