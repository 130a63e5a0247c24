"""Real Bolt apps that are connected to the sandbox in Socket Mode, through each of the SDK's clients for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler as OverWebsocketClient
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from tests.integration.sandbox.running import RunningSandbox

HANDLERS: dict[str, Callable[..., Any]] = {"builtin": SocketModeHandler, "websocket-client": OverWebsocketClient}


def bolt(sandbox: RunningSandbox) -> App:
    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-sandbox")

    client = WebClient("xoxb-sandbox", base_url=f"{sandbox.address}/slack/api/", timeout=10)
    return App(signing_secret="none", client=client, authorize=authorize, process_before_response=True)


@contextmanager
def connected(sandbox: RunningSandbox, app: App, kind: str = "builtin") -> Iterator[Any]:
    """The handler, from when the sandbox counts its connection on."""
    before = len(numbers(sandbox))
    handler = HANDLERS[kind](app, app_token="xapp-sandbox", ping_interval=1)
    handler.connect()
    try:
        wait_until(lambda: len(numbers(sandbox)) > before)
        yield handler
    finally:
        handler.close()
        wait_until(lambda: len(numbers(sandbox)) <= before)


def numbers(sandbox: RunningSandbox) -> list[int]:
    return [one["number"] for one in sandbox.get("/control/slack/connections")["connections"]]


def wait_until(fact: Callable[[], object], seconds: float = 15.0) -> None:
    ends = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < ends, "it never happened"
        time.sleep(0.05)
