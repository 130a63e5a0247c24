"""Socket Mode on the wire: tickets, hello, envelopes, disconnect messages, the number of connections."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.integration.sandbox.running import RunningSandbox
from tests.integration.sandbox.socket_apps import wait_until

Open = Callable[[], ClientConnection]


def url(slack: WebClient) -> str:
    return str(slack.apps_connections_open(app_token="xapp-sandbox")["url"])


@pytest.fixture
def sockets(slack: WebClient, sandbox: RunningSandbox) -> Iterator[Open]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(connect(url(slack), proxy=None))
    wait_until(lambda: not sandbox.get("/control/slack/connections")["connections"])


def said(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(socket.recv(timeout=5))
    return message


def test_hello_comes_first(sockets: Open) -> None:
    hello = said(sockets())
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": "A0TOCSIN"}
    assert hello["debug_info"]["approximate_connection_time"] == 18060
    assert said(sockets())["num_connections"] == 2


def test_envelopes_say_what_they_are(sandbox: RunningSandbox, sockets: Open) -> None:
    socket = sockets()
    assert said(socket)["type"] == "hello"
    typed = sandbox.post("/control/slack/command", user="ana", channel="general", text="list")
    command = said(socket)
    assert (command["type"], command["accepts_response_payload"]) == ("slash_commands", True)
    assert (command["payload"]["command"], "retry_attempt" in command) == ("/incident", False)
    assert (typed["failure"], typed["error"]) == ("timeout", "operation_timeout")
    with ThreadPoolExecutor() as person:
        wrote = person.submit(sandbox.post, "/control/slack/message", user="ana", channel="general", text="look")
        event = said(socket)
        socket.send(json.dumps({"envelope_id": event["envelope_id"], "payload": {"text": "events take no answer"}}))
        assert (wrote.result()["status"], wrote.result()["body"]) == (200, "")
    assert (event["type"], event["accepts_response_payload"]) == ("events_api", False)
    assert (event["retry_attempt"], event["retry_reason"]) == (0, "")
    assert event["payload"]["event"]["text"] == "look"


def test_what_is_no_acknowledgement_means_nothing(sandbox: RunningSandbox, sockets: Open) -> None:
    socket = sockets()
    for nonsense in ("", "[]", "{", '{"envelope_id": 1}', '{"type": "message"}'):
        socket.send(nonsense)
    assert socket.ping().wait(5)


def test_pings_are_answered(sockets: Open) -> None:
    assert sockets().ping().wait(5)


def test_a_ticket_is_good_for_one_connection(slack: WebClient, sockets: Open) -> None:
    address = url(slack)
    with connect(address, proxy=None):
        pass
    with pytest.raises(InvalidStatus, match="403"):
        connect(address, proxy=None)
    with pytest.raises(InvalidStatus, match="403"):
        connect(address.partition("?")[0], proxy=None)


def test_the_eleventh_connection_is_too_many(sockets: Open) -> None:
    assert [said(sockets())["type"] for _ in range(10)] == ["hello"] * 10
    eleventh = sockets()
    told = said(eleventh)
    assert (told["type"], told["reason"]) == ("disconnect", "too_many_websockets")
    with pytest.raises(ConnectionClosed):
        eleventh.recv(timeout=5)


def test_switched_off_everybody_is_told(sandbox: RunningSandbox, sockets: Open) -> None:
    socket = sockets()
    said(socket)
    assert sandbox.post("/control/slack/socket_mode", enabled=False)["enabled"] is False
    assert said(socket)["reason"] == "link_disabled"
    assert said(sockets())["reason"] == "link_disabled"


@pytest.mark.parametrize(
    ("token", "error"),
    [("xapp-other", "invalid_auth"), ("xoxb-sandbox", "not_allowed_token_type"), ("", "not_authed")],
)
def test_only_the_app_token_opens(sandbox: RunningSandbox, token: str, error: str) -> None:
    slack = WebClient(base_url=f"{sandbox.address}/slack/api/")
    with pytest.raises(SlackApiError, match=error):
        slack.apps_connections_open(app_token=token)


def test_the_app_token_goes_in_the_header_and_nowhere_else(sandbox: RunningSandbox) -> None:
    slack = WebClient(base_url=f"{sandbox.address}/slack/api/")
    with pytest.raises(SlackApiError, match="missing_args"):
        slack.api_call("apps.connections.open", data={"token": "xapp-sandbox"})
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        WebClient("xapp-sandbox", base_url=f"{sandbox.address}/slack/api/").auth_test()
