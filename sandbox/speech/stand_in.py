"""Speech among the sandbox's stand-ins: a gRPC server of its own, plain text, on the port after the sandbox's."""

from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.core import Sandbox
from sandbox.provider import Provider
from sandbox.reading import read_json, text
from sandbox.speech.refusing import LARGEST
from sandbox.speech.service import SpeechService

ROOM_FOR_HEADERS = 1024 * 1024


class SpeechStandIn:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._service = SpeechService(sandbox)
        self._server: Any = None

    @property
    def mounts(self) -> Mapping[str, Provider]:
        return {}

    def control_routes(self) -> Sequence[BaseRoute]:
        return [Route("/control/speech/script", self._script, methods=["POST"])]

    def reset(self) -> None:
        self._sandbox.spoken.clear()
        self._service.reset()

    async def start(self) -> None:
        """Raises: RuntimeError when the port is taken."""
        limit = ("grpc.max_receive_message_length", LARGEST + ROOM_FOR_HEADERS)
        self._server = grpc.aio.server(options=[limit, ("grpc.so_reuseport", 0)])
        self._server.add_generic_rpc_handlers(self._service.handlers())
        self._server.add_insecure_port(f"127.0.0.1:{self._sandbox.speech_port}")
        await self._server.start()

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.stop(grace=0)

    async def _script(self, request: Request) -> Response:
        """What the next recording that nobody spoke on a phone of the sandbox is heard as."""
        self._service.script.append(text(await read_json(request), "text"))
        return JSONResponse({"waiting": self._service.script})
