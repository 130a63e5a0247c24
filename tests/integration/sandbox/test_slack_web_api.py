"""The Web API keeps state as Slack does, seen through Slack's own SDK."""

from typing import Any

from slack_sdk import WebClient

from tests.integration.sandbox.running import RunningSandbox

CARD: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "HIGH · #42"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Checkout* returns 502"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "Acknowledge"}, "value": "42"}
        ],
    },
]


def new_channel(slack: WebClient, name: str = "incident-42") -> str:
    return str(slack.conversations_create(name=name)["channel"]["id"])


def test_the_bot_is_who_the_world_says(slack: WebClient) -> None:
    me = slack.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("T0SANDBOX", "U0TOCSIN", "B0TOCSIN")
    assert "chat:write" in me.headers["x-oauth-scopes"]


def test_the_bot_is_in_what_it_creates(slack: WebClient) -> None:
    channel = new_channel(slack)
    shown = slack.conversations_info(channel=channel)["channel"]
    assert (shown["creator"], shown["is_member"], shown["name"]) == ("U0TOCSIN", True, "incident-42")


def test_the_list_comes_in_parts_until_the_cursor_is_empty(slack: WebClient) -> None:
    new_channel(slack)
    names = [one["name"] for part in slack.conversations_list(limit=1) for one in part["channels"]]
    assert names == ["general", "incidents", "incident-42"]


def test_an_archived_channel_can_be_left_out_of_the_list(slack: WebClient) -> None:
    slack.conversations_archive(channel=new_channel(slack))
    assert len(slack.conversations_list(exclude_archived=True)["channels"]) == 2


def test_invited_people_are_members(slack: WebClient) -> None:
    channel = new_channel(slack)
    slack.conversations_invite(channel=channel, users=["U0ANA", "U0BEA"])
    assert slack.conversations_members(channel=channel)["members"] == ["U0TOCSIN", "U0ANA", "U0BEA"]


def test_a_topic_is_kept_and_announced(slack: WebClient) -> None:
    channel = new_channel(slack)
    slack.conversations_setTopic(channel=channel, topic="HIGH · #42")
    assert slack.conversations_info(channel=channel)["channel"]["topic"]["value"] == "HIGH · #42"
    assert slack.conversations_history(channel=channel)["messages"][0]["subtype"] == "channel_topic"


def test_metadata_is_returned_only_when_asked_for(slack: WebClient) -> None:
    mark = {"event_type": "tocsin_post", "event_payload": {"mark": "card:42"}}
    slack.chat_postMessage(channel="C0INCIDENTS", text="card", metadata=mark)
    bare, full = (
        slack.conversations_history(channel="C0INCIDENTS", include_all_metadata=wanted)["messages"][0]
        for wanted in (False, True)
    )
    assert "metadata" not in bare
    assert full["metadata"] == mark


def test_history_shows_the_newest_first_and_only_the_parents_of_threads(slack: WebClient) -> None:
    first = slack.chat_postMessage(channel="C0INCIDENTS", text="first")["ts"]
    second = slack.chat_postMessage(channel="C0INCIDENTS", text="second")["ts"]
    slack.chat_postMessage(channel="C0INCIDENTS", text="reply", thread_ts=first)
    history = slack.conversations_history(channel="C0INCIDENTS")["messages"]
    assert [one["ts"] for one in history] == [second, first]
    assert history[1]["reply_count"] == 1


def test_oldest_leaves_out_what_came_before_and_itself(slack: WebClient) -> None:
    first = slack.chat_postMessage(channel="C0INCIDENTS", text="first")["ts"]
    second = slack.chat_postMessage(channel="C0INCIDENTS", text="second")["ts"]
    after = slack.conversations_history(channel="C0INCIDENTS", oldest=first)["messages"]
    assert [one["ts"] for one in after] == [second]


def test_a_thread_has_its_parent_first(slack: WebClient) -> None:
    parent = slack.chat_postMessage(channel="C0INCIDENTS", text="parent")["ts"]
    slack.chat_postMessage(channel="C0INCIDENTS", text="reply", thread_ts=parent)
    thread = slack.conversations_replies(channel="C0INCIDENTS", ts=parent)["messages"]
    assert [one["text"] for one in thread] == ["parent", "reply"]


def test_a_text_alone_takes_the_blocks_away(slack: WebClient) -> None:
    ts = str(slack.chat_postMessage(channel="C0INCIDENTS", text="card", blocks=CARD)["ts"])
    edited = slack.chat_update(channel="C0INCIDENTS", ts=ts, text="acknowledged")["message"]
    assert (edited["text"], "blocks" in edited) == ("acknowledged", False)
    assert edited["edited"]["user"] == "U0TOCSIN"


def test_a_reply_to_a_thread_that_does_not_exist_is_lost(slack: WebClient) -> None:
    sent = slack.chat_postMessage(channel="C0INCIDENTS", text="lost", thread_ts="1700000000.000100")
    assert sent["message"]["thread_ts"] == "1700000000.000100"
    assert slack.conversations_history(channel="C0INCIDENTS")["messages"] == []


def test_a_post_to_a_user_arrives_as_a_direct_message(slack: WebClient) -> None:
    channel = slack.chat_postMessage(channel="U0BEA", text="you are on duty")["channel"]
    assert slack.conversations_open(users=["U0BEA"])["channel"]["id"] == channel


def test_only_its_reader_sees_an_ephemeral_message(slack: WebClient, sandbox: RunningSandbox) -> None:
    slack.chat_postEphemeral(channel="C0INCIDENTS", user="U0ANA", text="only you")
    assert slack.conversations_history(channel="C0INCIDENTS")["messages"] == []
    (shown,) = sandbox.get("/control/slack/state")["messages"]
    assert (shown["ephemeral"], shown["shown_to"]) == (True, "U0ANA")


def test_a_reaction_is_counted_and_taken_back(slack: WebClient) -> None:
    ts = str(slack.chat_postMessage(channel="C0INCIDENTS", text="card")["ts"])
    slack.reactions_add(channel="C0INCIDENTS", timestamp=ts, name="eyes")
    message = slack.reactions_get(channel="C0INCIDENTS", timestamp=ts)["message"]
    assert message["reactions"] == [{"name": "eyes", "users": ["U0TOCSIN"], "count": 1}]
    slack.reactions_remove(channel="C0INCIDENTS", timestamp=ts, name="eyes")
    assert "reactions" not in slack.reactions_get(channel="C0INCIDENTS", timestamp=ts)["message"]


def test_pins_and_bookmarks_are_listed(slack: WebClient) -> None:
    ts = str(slack.chat_postMessage(channel="C0INCIDENTS", text="card")["ts"])
    slack.pins_add(channel="C0INCIDENTS", timestamp=ts)
    slack.bookmarks_add(channel_id="C0INCIDENTS", title="Ticket", type="link", link="http://127.0.0.1/OPS-1")
    assert slack.pins_list(channel="C0INCIDENTS")["items"][0]["message"]["ts"] == ts
    assert slack.bookmarks_list(channel_id="C0INCIDENTS")["bookmarks"][0]["title"] == "Ticket"


def test_people_are_found_by_id_and_by_mail(slack: WebClient) -> None:
    assert slack.users_info(user="U0DEE")["user"]["is_restricted"] is True
    assert slack.users_lookupByEmail(email="bea@example.com")["user"]["id"] == "U0BEA"
    assert {one["id"] for one in slack.users_list()["members"]} >= {"U0ANA", "U0BEA", "U0CY", "U0DEE", "U0TOCSIN"}


def test_groups_are_listed_as_asked_for(slack: WebClient, sandbox: RunningSandbox) -> None:
    [sre] = slack.usergroups_list()["usergroups"]
    assert (sre["id"], sre["handle"], sre["date_delete"]) == ("S0SRE", "sre", 0)
    assert "users" not in sre
    [sre] = slack.usergroups_list(include_users=True, include_count=True)["usergroups"]
    assert (sre["users"], sre["user_count"]) == (["U0BEA", "U0CY"], 2)
    sandbox.post("/control/slack/group", handle="sre", disabled=True)
    assert slack.usergroups_list()["usergroups"] == []
    [sre] = slack.usergroups_list(include_disabled=True)["usergroups"]
    assert sre["date_delete"] > 0


def test_an_escaped_text_stays_escaped(slack: WebClient) -> None:
    message = slack.chat_postMessage(channel="C0INCIDENTS", text="a &lt; b &amp; <@U0BEA>")["message"]
    assert message["text"] == "a &lt; b &amp; <@U0BEA>"


def test_a_permalink_opens_the_page(slack: WebClient, sandbox: RunningSandbox) -> None:
    ts = str(slack.chat_postMessage(channel="C0INCIDENTS", text="card")["ts"])
    link = slack.chat_getPermalink(channel="C0INCIDENTS", message_ts=ts)["permalink"]
    assert link == f"{sandbox.address}/archives/C0INCIDENTS/p{ts.replace('.', '')}"


def test_every_call_is_in_the_ledger_with_what_it_changed(slack: WebClient, sandbox: RunningSandbox) -> None:
    channel = new_channel(slack)
    slack.conversations_info(channel=channel)
    (created,) = sandbox.ledger("slack", "conversations.create")
    (asked,) = sandbox.ledger("slack", "conversations.info")
    assert created["effect"] == {"channel": channel, "name": "incident-42"}
    assert asked["effect"] is None
    assert "token" not in created["request"]
    assert '"conversations.create"' in sandbox.ledger_file.read_text()
