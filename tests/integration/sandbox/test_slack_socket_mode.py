"""Socket Mode with the real Bolt: commands, events, clicks and forms go over the socket, and answers come back."""

import threading
import time
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from tests.integration.sandbox.receiver import Receiver
from tests.integration.sandbox.running import RunningSandbox
from tests.integration.sandbox.socket_apps import HANDLERS, bolt, connected, numbers, wait_until

# The SDK's own client leaves the socket that it replaced to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

FIELD = {"type": "input", "block_id": "what", "label": {"type": "plain_text", "text": "What"}}
VIEW = {
    "type": "modal",
    "callback_id": "declare",
    "title": {"type": "plain_text", "text": "Declare"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [{**FIELD, "element": {"type": "plain_text_input", "action_id": "text"}}],
}
BUTTON = {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "Ack"}, "value": "42"}


@pytest.mark.parametrize("kind", HANDLERS)
def test_everything_goes_over_the_socket_and_is_answered_there(
    sandbox: RunningSandbox, slack: WebClient, product: Receiver, kind: str
) -> None:
    app = bolt(sandbox)
    heard: list[str] = []

    @app.command("/incident")
    def command(ack: Ack, command: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=VIEW)
        ack(response_type="in_channel", text=f"heard {command['text']}")

    @app.view("declare")
    def submitted(ack: Ack) -> None:
        ack(response_action="errors", errors={"what": "Say more."})

    @app.event("app_mention")
    def mention(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    @app.action("ack")
    def click(ack: Ack, body: dict[str, Any]) -> None:
        heard.append(body["user"]["id"])
        ack()

    blocks = [{"type": "actions", "elements": [BUTTON]}]
    with connected(sandbox, app, kind):
        card = slack.chat_postMessage(channel="C0INCIDENTS", text="x", blocks=blocks)
        typed = sandbox.post("/control/slack/command", user="ana", channel="general", text="db is down")
        (view,) = sandbox.get("/control/slack/state")["views"]
        form = sandbox.post("/control/slack/submit", user="ana", view_id=view["id"], values={"what": "x"})
        said = sandbox.post("/control/slack/message", user="ana", channel="general", text="@tocsin help")
        clicked = sandbox.post("/control/slack/click", user="bea", channel="incidents", ts=card["ts"], action_id="ack")
    (shown,) = [one for one in sandbox.get("/control/slack/state")["messages"] if one["ts"] == typed["ts"]]
    assert (shown["text"], shown["ephemeral"]) == ("heard db is down", False)
    assert form["errors"] == {"what": "Say more."}
    assert [one["status"] for one in (said["deliveries"][0], clicked)] == [200, 200]
    assert heard == ["<@U0TOCSIN> help", "U0BEA"]
    assert sandbox.ledger("slack", "command /incident")[0]["response"]["socket"]
    assert product.got == []


def test_what_is_not_acknowledged_comes_again_elsewhere(sandbox: RunningSandbox) -> None:
    silent, heard = bolt(sandbox), bolt(sandbox)
    over: list[tuple[str, dict[str, Any]]] = []

    @silent.event("app_mention")
    def lost(body: dict[str, Any]) -> None:
        over.append(("silent", body))
        raise RuntimeError("the first one fails")

    @heard.event("app_mention")
    def found(body: dict[str, Any], request: Any) -> None:
        over.append(("heard", {**body, "headers": request.headers}))

    with connected(sandbox, silent):
        first = numbers(sandbox)
        with connected(sandbox, heard):
            began = time.monotonic()
            mention = sandbox.post("/control/slack/message", user="ana", channel="general", text="@tocsin one")
            took = time.monotonic() - began
            wait_until(lambda: any(who == "heard" for who, _ in over))
    assert len(first) == 1
    assert mention["deliveries"][0]["failure"] == "timeout"
    assert 2.9 < took < 4
    (_, lost_body), (_, found_body) = over
    assert lost_body["event_id"] == found_body["event_id"]
    assert found_body["headers"]["x-slack-retry-num"] == ["1"]
    assert found_body["headers"]["x-slack-retry-reason"] == ["timeout"]


def test_deliveries_go_by_turns(sandbox: RunningSandbox) -> None:
    app, other = bolt(sandbox), bolt(sandbox)
    for one in (app, other):
        one.command("/incident")(lambda ack: ack())
    with connected(sandbox, app), connected(sandbox, other):
        for _ in range(4):
            sandbox.post("/control/slack/command", user="ana", channel="general", text="list")
    over = [entry["response"]["socket"] for entry in sandbox.ledger("slack", "command /incident")]
    assert over[0] != over[1]
    assert over[:2] == over[2:]


def test_a_refreshed_connection_is_replaced(sandbox: RunningSandbox) -> None:
    app = bolt(sandbox)
    app.command("/incident")(lambda ack: ack())
    with connected(sandbox, app):
        for reason in ("warning", "refresh_requested"):
            (before,) = numbers(sandbox)
            sandbox.post("/control/slack/disconnect", reason=reason)
            wait_until(lambda known=before: numbers(sandbox) and known not in numbers(sandbox))  # type: ignore[misc]
            wait_until(lambda: len(numbers(sandbox)) == 1)
            said = sandbox.post("/control/slack/command", user="ana", channel="general", text="list")
            assert said["status"] == 200


def test_in_socket_mode_nothing_goes_to_the_request_url(sandbox: RunningSandbox, product: Receiver) -> None:
    with connected(sandbox, bolt(sandbox)):
        assert sandbox.get("/control/slack/connections")["enabled"] is True
    said = sandbox.post("/control/slack/command", user="ana", channel="general", text="list")
    assert (said["failure"], said["error"]) == ("no_connection", "dispatch_failed")
    assert product.got == []
    sandbox.post("/control/slack/socket_mode", enabled=False)
    sandbox.post("/control/slack/command", user="ana", channel="general", text="list")
    assert len(product.got) == 1


def test_what_came_while_the_app_was_away_comes_again(sandbox: RunningSandbox) -> None:
    sandbox.post("/control/slack/socket_mode", enabled=True)
    app = bolt(sandbox)
    heard = threading.Event()

    @app.event("app_mention")
    def mention() -> None:
        heard.set()

    said = sandbox.post("/control/slack/message", user="ana", channel="general", text="@tocsin are you there?")
    assert {one["failure"] for one in said["deliveries"]} == {"no_connection"}
    wait_until(lambda: len(sandbox.ledger("slack", "event app_mention")) == 2)
    with connected(sandbox, app):
        sandbox.post("/control/slack/redeliver")
        assert heard.wait(5)
    assert [one["request"].get("retry") for one in sandbox.ledger("slack", "event app_mention")] == [None, 1, 2]
