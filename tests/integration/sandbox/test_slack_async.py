"""The SDK's asynchronous half: `AsyncWebClient`, and the asynchronous Bolt in Socket Mode and over HTTP."""

import asyncio
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.integration.sandbox.receiver import Answered, Received, Receiver
from tests.integration.sandbox.running import RunningSandbox
from tests.integration.sandbox.socket_apps import numbers, wait_until


def client(sandbox: RunningSandbox) -> AsyncWebClient:
    return AsyncWebClient("xoxb-sandbox", base_url=f"{sandbox.address}/slack/api/", timeout=10)


def bolt(sandbox: RunningSandbox) -> AsyncApp:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-sandbox")

    app = AsyncApp(
        signing_secret="sandbox-signing-secret",
        client=client(sandbox),
        authorize=authorize,
        process_before_response=True,
    )

    @app.command("/incident")
    async def command(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(response_type="in_channel", text=f"heard {command['text']}")

    return app


def shown(sandbox: RunningSandbox, ts: str) -> str:
    (message,) = [one for one in sandbox.get("/control/slack/state")["messages"] if one["ts"] == ts]
    return str(message["text"])


def type_command(sandbox: RunningSandbox, text: str) -> dict[str, Any]:
    said: dict[str, Any] = sandbox.post("/control/slack/command", user="ana", channel="general", text=text)
    return said


def test_the_asynchronous_client(sandbox: RunningSandbox) -> None:
    async def talk() -> str:
        slack = client(sandbox)
        assert (await slack.auth_test())["user_id"] == "U0TOCSIN"
        with pytest.raises(SlackApiError, match="channel_not_found"):
            await slack.chat_postMessage(channel="C0NOWHERE", text="x")
        posted = await slack.chat_postMessage(channel="C0GENERAL", text="hello")
        return str(posted["ts"])

    assert shown(sandbox, asyncio.run(talk())) == "hello"


def test_the_asynchronous_bolt_in_socket_mode(sandbox: RunningSandbox) -> None:
    async def serve() -> dict[str, Any]:
        handler = AsyncSocketModeHandler(bolt(sandbox), "xapp-sandbox", ping_interval=1)
        await handler.client.connect()  # type: ignore[no-untyped-call]
        try:
            await asyncio.to_thread(wait_until, lambda: numbers(sandbox))
            return await asyncio.to_thread(type_command, sandbox, "db is down")
        finally:
            await handler.client.close()  # type: ignore[no-untyped-call]

    said = asyncio.run(serve())
    assert shown(sandbox, said["ts"]) == "heard db is down"
    wait_until(lambda: not numbers(sandbox))


def test_the_asynchronous_bolt_over_http(sandbox: RunningSandbox, product: Receiver) -> None:
    app = bolt(sandbox)

    def answer(received: Received) -> Answered:
        asked = AsyncBoltRequest(body=received.body.decode(), headers=dict(received.headers))
        said = asyncio.run(app.async_dispatch(asked))
        return Answered(said.body.encode(), said.status)

    product.rule = answer
    said = type_command(sandbox, "db is down")
    assert shown(sandbox, said["ts"]) == "heard db is down"
