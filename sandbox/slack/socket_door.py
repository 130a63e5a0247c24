"""Where the app connects in Socket Mode: a WebSocket per ticket, greeted, refreshed after some hours, ended.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
from datetime import UTC, datetime

from starlette.websockets import WebSocket

from sandbox.slack.sockets import Connection, Sockets
from sandbox.slack.state import Json
from sandbox.world import APP_ID

CONNECTION_SECONDS = 18_060
# With `&debug_reconnects=true` in the address Slack refreshes early, so that reconnecting can be tried.
DEBUG_SECONDS = 360
WARNING_SECONDS = 10


class SocketDoor:
    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self._started = datetime.now(UTC)

    async def serve(self, websocket: WebSocket) -> None:
        query = websocket.query_params
        if not self._sockets.take(query.get("ticket", "")):
            await websocket.close()  # Before it was accepted: HTTP 403.
            return
        await websocket.accept()
        refusal = self._sockets.refusal()
        if refusal is not None:
            await Connection(websocket, 0).disconnect(refusal)
            return
        seconds = DEBUG_SECONDS if query.get("debug_reconnects") == "true" else CONNECTION_SECONDS
        with self._sockets.joined(websocket) as connection:
            await connection.send(self._hello(connection, seconds))
            ageing = asyncio.create_task(_age(connection, seconds))
            try:
                async for text in websocket.iter_text():
                    self._sockets.heard(text)
            finally:
                ageing.cancel()

    def _hello(self, connection: Connection, seconds: int) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets.connections),
            "debug_info": {
                "host": connection.host,
                "started": f"{self._started:%Y-%m-%d %H:%M:%S.000}",
                "build_number": 1,
                "approximate_connection_time": seconds,
            },
            "connection_info": {"app_id": APP_ID},
        }


async def _age(connection: Connection, seconds: int) -> None:
    await asyncio.sleep(seconds - WARNING_SECONDS)
    await connection.disconnect("warning", WARNING_SECONDS)
