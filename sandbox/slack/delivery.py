"""How things reach the app: over its sockets in Socket Mode, else to its request URL; events again when they failed."""

import asyncio

from sandbox.core import Sandbox
from sandbox.slack.over_http import over_http
from sandbox.slack.parcel import COMMAND, EVENT, INTERACTION, Answer, Parcel
from sandbox.slack.sockets import Sockets
from sandbox.slack.state import Json

RETRY_SECONDS = (0.5, 60.0, 300.0)


class Delivery:
    def __init__(self, sandbox: Sandbox, sockets: Sockets) -> None:
        self._sandbox = sandbox
        self._sockets = sockets
        self._hurry = asyncio.Event()

    async def command(self, fields: Json) -> Answer:
        """Sent once."""
        self._sandbox.state.keep("slack")
        return (await self._bring(Parcel(COMMAND, f"command {fields['command']}", fields)))[0]

    async def interaction(self, payload: Json) -> Answer:
        """Sent once. The ledger's method is the payload's type."""
        self._sandbox.state.keep("slack")
        return (await self._bring(Parcel(INTERACTION, payload["type"], payload)))[0]

    async def event(self, envelope: Json) -> Answer:
        """The first answer. Slack asks again at once, after a minute and after five, unless the app forbids it.

        Source: https://docs.slack.dev/apis/events-api#retries
        """
        parcel = Parcel(EVENT, f"event {envelope['event']['type']}", envelope)
        answer, over = await self._bring(parcel)
        if answer.failure and not answer.no_retry:
            self._sandbox.spawn(self._again(parcel, answer, over))
        return answer

    def hurry(self) -> None:
        """What waits for its next attempt goes now."""
        self._hurry.set()
        self._hurry = asyncio.Event()

    async def _again(self, parcel: Parcel, answer: Answer, over: int | None) -> None:
        for seconds in RETRY_SECONDS:
            await self._wait(seconds)
            parcel = parcel.again(_reason(answer))
            answer, over = await self._bring(parcel, not_over=over)
            if answer.failure is None or answer.no_retry:
                return

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _bring(self, parcel: Parcel, *, not_over: int | None = None) -> tuple[Answer, int | None]:
        over: int | None = None
        way: Json = {}
        if self._sockets.used:
            answer, over = await self._sockets.deliver(parcel, not_over=not_over)
            way = {"socket": over}
        else:
            answer = await over_http(self._sandbox, parcel)
        response = {**answer.shown(), **way}
        self._sandbox.ledger.write(provider="slack", method=parcel.method, request=parcel.noted(), response=response)
        return answer, over


def _reason(answer: Answer) -> str:
    """In Socket Mode the app hears `timeout`, also of what came while it had no connection."""
    failure = answer.failure or ""
    return "timeout" if failure == "no_connection" else failure
