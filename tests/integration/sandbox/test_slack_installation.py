"""With a manifest, the bot has its scopes and no others, and hears of what it subscribed to."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.integration.sandbox.receiver import Receiver, receiving
from tests.integration.sandbox.running import RunningSandbox, sandbox_running

MANIFEST = """
features:
  slash_commands:
    - command: /incident
      should_escape: false
oauth_config:
  scopes:
    bot: [commands, "chat:write", "app_mentions:read"]
settings:
  event_subscriptions:
    bot_events: [app_mention, "message.channels"]
"""


@pytest.fixture(scope="module")
def product_of_few_scopes() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def few_scopes(product_of_few_scopes: Receiver) -> Iterator[RunningSandbox]:
    with tempfile.TemporaryDirectory(prefix="tocsin-sandbox-") as folder:
        manifest = Path(folder) / "manifest.yml"
        manifest.write_text(MANIFEST)
        options = ["--manifest", str(manifest)]
        with sandbox_running(product_of_few_scopes.url, Path(folder) / "ledger.jsonl", options) as sandbox:
            yield sandbox


def test_a_method_without_its_scope_is_refused(few_scopes: RunningSandbox) -> None:
    slack = WebClient("xoxb-sandbox", base_url=f"{few_scopes.address}/slack/api/")
    with pytest.raises(SlackApiError, match="missing_scope") as caught:
        slack.conversations_create(name="incident-42")
    assert caught.value.response["needed"] == "channels:manage"
    assert slack.chat_postMessage(channel="C0INCIDENTS", text="x")["ok"] is True


def test_an_event_needs_subscription_and_scope(few_scopes: RunningSandbox) -> None:
    said = few_scopes.post("/control/slack/message", user="ana", channel="general", text="@tocsin hello")
    assert [one["event"] for one in said["deliveries"]] == ["app_mention"]


def test_without_escape_a_name_stays_a_name(few_scopes: RunningSandbox) -> None:
    few_scopes.post("/control/slack/command", user="ana", channel="general", text="assign @bea")
    assert few_scopes.ledger("slack", "command /incident")[-1]["request"]["text"] == "assign @bea"


def test_a_command_that_is_not_installed_is_not_sent(few_scopes: RunningSandbox) -> None:
    asked = {"user": "ana", "channel": "general", "command": "/deploy", "text": "now"}
    assert few_scopes.ask("POST", "/control/slack/command", asked).status == 404
