"""What the product gets when people act: signed, in Slack's shapes, repeated when it must be."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from tests.integration.sandbox.receiver import Answered, Received, Receiver
from tests.integration.sandbox.running import RunningSandbox

VERIFIER = SignatureVerifier("sandbox-signing-secret")


def event(received: Received) -> dict[str, Any]:
    """The event in an Events API request; empty for any other request."""
    if received.headers["content-type"] != "application/json":
        return {}
    found: dict[str, Any] = json.loads(received.body)["event"]
    return found


def form(received: Received) -> dict[str, str]:
    return dict(parse_qsl(received.body.decode(), keep_blank_values=True))


def payload(received: Received) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(form(received)["payload"])
    return found


def card(slack: WebClient) -> str:
    options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("Database", "Network")]
    blocks = [
        {
            "type": "actions",
            "block_id": "buttons",
            "elements": [
                {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "Ack"}, "value": "42"},
                {"type": "static_select", "action_id": "category", "options": options},
            ],
        }
    ]
    return str(slack.chat_postMessage(channel="C0INCIDENTS", text="card", blocks=blocks)["ts"])


def test_everything_is_signed(sandbox: RunningSandbox, product: Receiver) -> None:
    sandbox.post("/control/slack/message", user="ana", channel="general", text="@tocsin hello")
    sandbox.post("/control/slack/command", user="ana", channel="general", text="list")
    assert {one.path for one in product.got} == {"/slack/events"}
    for received in product.got:
        assert VERIFIER.is_valid_request(received.body, received.headers)
        assert not VERIFIER.is_valid_request(received.body + b" ", received.headers)


def test_a_mention_is_told_as_mention_and_as_message(sandbox: RunningSandbox, product: Receiver) -> None:
    said = sandbox.post("/control/slack/message", user="Ana", channel="#general", text="@tocsin db <down> & out")
    mention = event(product.wait_for(lambda one: event(one).get("type") == "app_mention"))
    assert (mention["user"], mention["channel"], mention["ts"]) == ("U0ANA", "C0GENERAL", said["ts"])
    assert mention["text"] == "<@U0TOCSIN> db &lt;down&gt; &amp; out"
    assert {one["event"] for one in said["deliveries"]} == {"app_mention", "message"}
    assert said["status"] == 200


def test_what_slack_says_about_the_bot_is_no_mention(
    slack: WebClient, sandbox: RunningSandbox, product: Receiver
) -> None:
    slack.conversations_setTopic(channel="C0INCIDENTS", topic="quiet")
    product.wait_for(lambda one: event(one).get("subtype") == "channel_topic")
    assert sandbox.ledger("slack", "event app_mention") == []


def test_an_envelope_is_complete(sandbox: RunningSandbox, product: Receiver) -> None:
    sandbox.post("/control/slack/message", user="ana", channel="general", text="hello")
    envelope = json.loads(product.got[0].body)
    assert (envelope["type"], envelope["team_id"], envelope["api_app_id"]) == (
        "event_callback",
        "T0SANDBOX",
        "A0TOCSIN",
    )
    assert envelope["authorizations"][0]["user_id"] == "U0TOCSIN"
    assert envelope["event_id"].startswith("Ev")


def test_a_reaction_names_the_message(slack: WebClient, sandbox: RunningSandbox, product: Receiver) -> None:
    ts = card(slack)
    for remove in (False, True):
        sandbox.post("/control/slack/react", user="bea", channel="incidents", ts=ts, name="eyes", remove=remove)
    kinds = [event(one) for one in product.got if "reaction" in event(one).get("type", "")]
    assert [one["type"] for one in kinds] == ["reaction_added", "reaction_removed"]
    assert kinds[0]["item"] == {"type": "message", "channel": "C0INCIDENTS", "ts": ts}
    assert (kinds[0]["user"], kinds[0]["item_user"], kinds[0]["reaction"]) == ("U0BEA", "U0TOCSIN", "eyes")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(Answered(status=500), "http_error"), (Answered(after_seconds=3.5), "http_timeout")],
    ids=["error", "too-late"],
)
def test_an_event_not_answered_in_time_comes_again(
    sandbox: RunningSandbox, product: Receiver, answer: Answered, reason: str
) -> None:
    product.rule = lambda received: Answered() if "x-slack-retry-num" in received.headers else answer
    said = sandbox.post("/control/slack/message", user="ana", channel="general", text="hello")
    again = product.wait_for(lambda one: "x-slack-retry-num" in one.headers)
    assert said["failure"] == reason
    assert (again.headers["x-slack-retry-num"], again.headers["x-slack-retry-reason"]) == ("1", reason)
    assert again.body == product.got[0].body
    assert VERIFIER.is_valid_request(again.body, again.headers)


def test_a_command_arrives_as_a_form(sandbox: RunningSandbox, product: Receiver) -> None:
    said = sandbox.post("/control/slack/command", user="U0ANA", channel="C0GENERAL", text="ask @bea > 502")
    sent = form(product.got[0])
    assert (sent["command"], sent["user_id"], sent["channel_name"]) == ("/incident", "U0ANA", "general")
    assert sent["text"] == "ask <@U0BEA|bea> &gt; 502"
    assert (sent["trigger_id"], sent["response_url"]) == (said["trigger_id"], said["response_url"])


@pytest.mark.parametrize(
    ("answer", "text", "ephemeral"),
    [
        (Answered(b'{"text": "only you"}'), "only you", True),
        (Answered(b'{"response_type": "in_channel", "text": "all"}'), "all", False),
        (Answered(b"plain", media_type="text/plain"), "plain", True),
        (Answered(status=500), '/incident failed with the error "dispatch_failed"', True),
        (Answered(after_seconds=3.5), '/incident failed with the error "operation_timeout"', True),
    ],
    ids=["ephemeral", "in-channel", "plain", "error", "too-late"],
)
def test_the_answer_to_a_command_is_shown(
    sandbox: RunningSandbox, product: Receiver, answer: Answered, text: str, ephemeral: bool
) -> None:
    product.rule = lambda received: answer
    said = sandbox.post("/control/slack/command", user="ana", channel="general", text="")
    messages = sandbox.get("/control/slack/state")["messages"]
    (shown,) = [one for one in messages if one["ts"] == said["ts"]]
    assert (shown["text"], shown["ephemeral"]) == (text, ephemeral)


def test_a_click_brings_message_and_action(slack: WebClient, sandbox: RunningSandbox, product: Receiver) -> None:
    ts = card(slack)
    product.forget()
    sandbox.post("/control/slack/click", user="bea", channel="incidents", ts=ts, action_id="ack")
    clicked = payload(product.wait_for(lambda one: "payload" in form(one)))
    assert (clicked["type"], clicked["user"]["id"]) == ("block_actions", "U0BEA")
    assert clicked["container"]["message_ts"] == clicked["message"]["ts"] == ts
    assert clicked["actions"][0]["value"] == "42"
    assert clicked["actions"][0]["block_id"] == "buttons"


def test_a_choice_brings_the_option(slack: WebClient, sandbox: RunningSandbox, product: Receiver) -> None:
    ts = card(slack)
    asked = {"user": "bea", "channel": "incidents", "ts": ts, "action_id": "category"}
    sandbox.post("/control/slack/click", **asked, value="Network")
    clicked = payload(product.wait_for(lambda one: "payload" in form(one)))
    assert clicked["actions"][0]["selected_option"]["value"] == "Network"
    assert clicked["state"]["values"]["buttons"]["category"]["selected_option"]["value"] == "Network"
    assert sandbox.ask("POST", "/control/slack/click", {**asked, "value": "Weather"}).status == 400


def test_deliveries_stand_in_the_ledger_without_effect(sandbox: RunningSandbox, product: Receiver) -> None:
    sandbox.post("/control/slack/command", user="ana", channel="general", text="list")
    (entry,) = sandbox.ledger("slack", "command /incident")
    assert (entry["request"]["text"], entry["response"]["status"], entry["effect"]) == ("list", 200, None)


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("message", {"user": "eve", "channel": "general", "text": "x"}, 404),
        ("message", {"user": "ana", "channel": "nowhere", "text": "x"}, 404),
        ("message", {"user": "ana", "channel": "general"}, 400),
        ("message", {"user": "tocsin", "channel": "general", "text": "x"}, 403),
        ("react", {"user": "ana", "channel": "general", "ts": "1.1", "name": "eyes"}, 404),
        ("click", {"user": "ana", "channel": "general", "ts": "1.1", "action_id": "a"}, 404),
        ("submit", {"user": "ana", "view_id": "V0", "values": {}}, 404),
    ],
)
def test_what_a_person_cannot_do_is_said(
    sandbox: RunningSandbox, path: str, asked: dict[str, str], status: int
) -> None:
    said = sandbox.ask("POST", f"/control/slack/{path}", asked)
    assert said.status == status
    assert len(said.body["error"]) > 10


def test_the_guest_stays_out_of_channels_without_invitation(slack: WebClient, sandbox: RunningSandbox) -> None:
    slack.conversations_create(name="incident-42")
    asked = {"channel": "incident-42", "text": "let me in"}
    assert sandbox.ask("POST", "/control/slack/message", {"user": "dee", **asked}).status == 403
    assert sandbox.post("/control/slack/message", user="ana", **asked)["ok"] is True
