"""Socket Mode's connections of the app: who may open one, whose turn it is, and what waits for an acknowledgement.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.slack.parcel import COMMAND, EVENT, Answer, Parcel
from sandbox.slack.state import Json
from sandbox.world import APP_ID

MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0
ANSWER_SECONDS = 3.0
# What the app may answer within the acknowledgement; anything else that it puts there is ignored.
ANSWERABLE = ("view_submission", "block_suggestion", "dialog_suggestion", "dialog_submission")


class Connection:
    """One WebSocket of the app. `host` names it in what Slack sends, `number` in the ledger."""

    def __init__(self, websocket: WebSocket, number: int) -> None:
        self._websocket = websocket
        self.number = number
        self.host = f"sandbox-applink-{number}"
        self.since = time.time()

    async def send(self, message: Json) -> bool:
        """False when the app is gone already."""
        states = (self._websocket.application_state, self._websocket.client_state)
        if any(state is not WebSocketState.CONNECTED for state in states):
            return False
        try:
            await self._websocket.send_text(json.dumps(message))
        except WebSocketDisconnect:
            return False
        return True

    async def disconnect(self, reason: str, after_seconds: float = 0.0) -> None:
        """Slack announces it, so that the app can open the next connection first, and then closes."""
        if await self.send({"type": "disconnect", "reason": reason, "debug_info": {"host": self.host}}):
            await asyncio.sleep(after_seconds)
            if self._websocket.application_state is WebSocketState.CONNECTED:
                await self._websocket.close()


class Sockets:
    """`switch` is the app's setting: True and False are final, None lets the first connection switch it on."""

    def __init__(self, address: str, *, switch: bool | None) -> None:
        self._address = address.replace("http://", "ws://")
        self._at_start = self.switch = switch
        self._tickets: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._last = 0
        self.connections: list[Connection] = []

    @property
    def used(self) -> bool:
        return self.switch is True or (self.switch is None and bool(self.connections))

    def reset(self) -> None:
        """The setting is as at the start; open connections stay open."""
        self.switch = self._at_start
        self._tickets.clear()

    def ticket_url(self) -> str:
        """Good for one connection, and not for long."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = time.monotonic()
        return f"{self._address}/slack/socket/?ticket={ticket}&app_id={APP_ID}"

    def take(self, ticket: str) -> bool:
        made = self._tickets.pop(ticket, None)
        return made is not None and time.monotonic() - made <= TICKET_SECONDS

    def refusal(self) -> str | None:
        """Why a further connection is ended at once."""
        if self.switch is False:
            return "link_disabled"
        return "too_many_websockets" if len(self.connections) >= MOST_CONNECTIONS else None

    @contextmanager
    def joined(self, websocket: WebSocket) -> Iterator[Connection]:
        self._last += 1
        connection = Connection(websocket, self._last)
        self.connections.append(connection)
        if self.switch is None:
            self.switch = True
        try:
            yield connection
        finally:
            self.connections.remove(connection)

    async def deliver(self, parcel: Parcel, *, not_over: int | None = None) -> tuple[Answer, int | None]:
        """The answer, and over which connection; another one than `not_over` if there is another."""
        envelope_id = str(uuid4())
        acknowledged = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        connection: Connection | None = None
        try:
            connection = await self._hand_over(_envelope(envelope_id, parcel), not_over)
            if connection is None:
                return Answer(parcel.method, None, failure="no_connection"), None
            async with asyncio.timeout(ANSWER_SECONDS):
                said = await acknowledged
        except TimeoutError:
            return Answer(parcel.method, None, failure="timeout"), connection.number if connection else None
        finally:
            del self._waiting[envelope_id]
        body = said.get("payload") if _answerable(parcel) else None
        return Answer(parcel.method, 200, json.dumps(body) if body else ""), connection.number

    def heard(self, text: str) -> None:
        """An acknowledgement, over whichever connection it comes; anything else means nothing to Slack."""
        try:
            said = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(str(said.get("envelope_id"))) if isinstance(said, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(said)

    async def _hand_over(self, envelope: Json, not_over: int | None) -> Connection | None:
        """By turns: who got the last one stands at the end of the row."""
        row = sorted(self.connections, key=lambda one: one.number == not_over)
        for connection in row:
            if connection in self.connections and await connection.send(envelope):
                if connection in self.connections:
                    self.connections.remove(connection)
                    self.connections.append(connection)
                return connection
        return None


def _envelope(envelope_id: str, parcel: Parcel) -> Json:
    envelope: Json = {"envelope_id": envelope_id, "type": parcel.kind, "payload": parcel.payload}
    envelope["accepts_response_payload"] = _answerable(parcel)
    if parcel.kind == EVENT:
        # An app sees these two with events only, as in https://github.com/slackapi/bolt-python/issues/1484
        envelope |= {"retry_attempt": parcel.retry, "retry_reason": parcel.reason}
    return envelope


def _answerable(parcel: Parcel) -> bool:
    return parcel.kind == COMMAND or parcel.payload.get("type") in ANSWERABLE
