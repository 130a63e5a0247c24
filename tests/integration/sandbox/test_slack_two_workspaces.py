"""Two workspaces beside each other: nobody in one learns an id of the other, and each token opens its own."""

import json

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.integration.sandbox.installing import allow, install
from tests.integration.sandbox.receiver import Receiver
from tests.integration.sandbox.running import RunningSandbox


@pytest.fixture
def globex(sandbox: RunningSandbox) -> WebClient:
    """Our app, installed in the second workspace."""
    token = install(sandbox, allow(sandbox, team="T1SANDBOX"))["access_token"]
    return WebClient(token, base_url=f"{sandbox.address}/slack/api/")


def test_each_token_is_somebody_in_its_own_workspace(slack: WebClient, globex: WebClient) -> None:
    here, there = slack.auth_test(), globex.auth_test()
    assert (here["team_id"], here["user_id"], here["bot_id"]) == ("T0SANDBOX", "U0TOCSIN", "B0TOCSIN")
    assert (there["team_id"], there["user_id"], there["bot_id"]) == ("T1SANDBOX", "U1TOCSIN", "B1TOCSIN")
    assert there["team"] == globex.team_info()["team"]["name"] == "Globex"


def test_no_id_of_one_is_seen_in_the_other(sandbox: RunningSandbox, slack: WebClient, globex: WebClient) -> None:
    made = slack.conversations_create(name="incident-1")["channel"]["id"]
    ts = slack.chat_postMessage(channel=made, text="secret plans")["ts"]
    globex.conversations_join(channel="C1OPS")
    globex.chat_postMessage(channel="C1OPS", text="hello")
    shown = [
        json.dumps(globex.users_list()["members"]),
        json.dumps(globex.conversations_list()["channels"]),
        json.dumps(globex.conversations_history(channel="C1OPS")["messages"]),
        json.dumps(sandbox.get("/control/slack/state?team=T1SANDBOX")),
    ]
    for foreign in ("U0", "S0", "C0", "T0", "B0TOCSIN", made, ts, "secret"):
        assert not any(f'"{foreign}' in text or f"@{foreign}" in text for text in shown), foreign
    here = json.dumps([sandbox.get("/control/slack/state"), slack.users_list()["members"]])
    assert not any(f'"{foreign}' in here for foreign in ("U1", "C1", "T1", "B1"))


@pytest.mark.parametrize(
    ("method", "asked", "error"),
    [
        ("conversations.info", {"channel": "C0GENERAL"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0INCIDENTS", "text": "x"}, "channel_not_found"),
        ("users.info", {"user": "U0ANA"}, "user_not_found"),
        ("conversations.open", {"users": "U0ANA"}, "user_not_found"),
    ],
)
def test_the_others_ids_do_not_exist(globex: WebClient, method: str, asked: dict[str, str], error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        globex.api_call(method, data=asked)


def test_a_trigger_of_one_opens_nothing_in_the_other(sandbox: RunningSandbox, globex: WebClient) -> None:
    said = sandbox.post("/control/slack/command", user="ana", channel="general", text="")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        globex.views_open(trigger_id=said["trigger_id"], view=view)


def test_people_act_where_they_are(sandbox: RunningSandbox, globex: WebClient, product: Receiver) -> None:
    globex.conversations_join(channel="C1OPS")
    said = sandbox.post("/control/slack/message", team="Globex", user="hal", channel="ops", text="@tocsin help")
    assert said["deliveries"][0]["event"] == "app_mention"
    envelope = sandbox.ledger("slack", "event app_mention")[0]["request"]
    assert (envelope["team_id"], envelope["authorizations"][0]["user_id"]) == ("T1SANDBOX", "U1TOCSIN")
    assert envelope["event"]["text"] == "<@U1TOCSIN> help"
    typed = sandbox.post("/control/slack/command", team="T1SANDBOX", user="ida", channel="ops", text="list")
    assert sandbox.ledger("slack", "command /incident")[0]["request"]["team_domain"] == "globex"
    assert "/slack/response/T1SANDBOX/" in typed["response_url"]
    assert sandbox.ask("POST", "/control/slack/message", {"user": "hal", "channel": "ops", "text": "x"}).status == 404
    there = {"team": "Globex", "user": "ana", "channel": "ops", "text": "x"}
    assert sandbox.ask("POST", "/control/slack/message", there).status == 404
    assert sandbox.ask("GET", "/control/slack/state?team=T9").status == 404


def test_before_the_installation_people_are_alone(sandbox: RunningSandbox, product: Receiver) -> None:
    state = sandbox.get("/control/slack/state?team=T1SANDBOX")
    assert state["team"] == {"id": "T1SANDBOX", "name": "Globex"}
    assert not any(user["bot"] for user in state["users"])
    asked = {"team": "Globex", "user": "hal", "channel": "ops"}
    assert sandbox.post("/control/slack/message", **asked, text="anybody?")["deliveries"] == []
    assert sandbox.ask("POST", "/control/slack/command", {**asked, "text": "list"}).status == 404
    assert product.got == []
