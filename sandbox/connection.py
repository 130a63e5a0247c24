"""How a connection is dropped without an answer: the transport is aborted, so that the client sees a reset."""

import asyncio
import socket
import struct
from typing import Any, cast

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol


class DroppableProtocol(H11Protocol):
    """Hands its transport to the application as `scope["state"]["transport"]`."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


async def drop(scope: Scope, receive: Receive) -> None:
    """Returns when the connection is gone, so that the server does not try to answer an error."""
    transport = cast(asyncio.Transport, scope["state"]["transport"])
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        continue


async def hold(receive: Receive, seconds: float) -> None:
    """Say nothing for so long, or until the client has given up."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                continue
    except TimeoutError:
        return
