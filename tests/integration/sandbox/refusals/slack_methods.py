"""What Slack's methods refuse."""

import json
from typing import Any

from slack_sdk import WebClient

from tests.integration.sandbox.refusals.asking_slack import GENERAL, INCIDENTS, narrow, post, raw, sdk
from tests.integration.sandbox.refusals.case import Case

DOCS = "https://docs.slack.dev"
METHODS = f"{DOCS}/reference/methods"
TWICE = "done already"
GONE = "nothing there"


def archived(slack: WebClient, name: str = "incident-7") -> str:
    channel = str(slack.conversations_create(name=name)["channel"]["id"])
    slack.conversations_archive(channel=channel)
    return channel


def left(slack: WebClient) -> str:
    channel = str(slack.conversations_create(name="incident-7")["channel"]["id"])
    slack.conversations_leave(channel=channel)
    return channel


def twice(slack: WebClient, method: str, **asked: Any) -> None:
    for _ in range(2):
        slack.api_call(method, json={"channel": INCIDENTS, **asked})


def archived_card(slack: WebClient) -> None:
    channel = str(slack.conversations_create(name="incident-7")["channel"]["id"])
    ts = str(slack.chat_postMessage(channel=channel, text="card")["ts"])
    slack.conversations_archive(channel=channel)
    slack.chat_update(channel=channel, ts=ts, text="x")


def joined(slack: WebClient) -> str:
    """The line that says that somebody has come."""
    slack.conversations_kick(channel=INCIDENTS, user="U0ANA")
    slack.conversations_invite(channel=INCIDENTS, users=["U0ANA"])
    return str(slack.conversations_history(channel=INCIDENTS)["messages"][0]["ts"])


def flood(slack: WebClient) -> None:
    for number in range(21):
        slack.conversations_create(name=f"incident-{number}")


def flood_of_messages(slack: WebClient) -> None:
    for _ in range(11):
        post(slack)


def marked(payload: object) -> Any:
    return sdk(lambda slack: post(slack, metadata={"event_type": "tocsin", "event_payload": payload}))


CASES = [
    Case("no credentials", "no token", sdk(lambda s: s.auth_test(), token=""), "not_authed", f"{METHODS}/auth.test"),
    Case("wrong credentials", "another's token", sdk(lambda s: s.auth_test(), token="xoxb-other"), "invalid_auth",
         f"{METHODS}/auth.test"),
    Case("missing scope", "a channel without channels:manage", narrow(lambda s: s.conversations_create(name="a")),
         "missing_scope channels:manage", f"{METHODS}/conversations.create"),
    Case("missing scope", "a pin without pins:write", narrow(lambda s: s.pins_add(channel=INCIDENTS, timestamp="1.1")),
         "missing_scope pins:write", f"{METHODS}/pins.add"),
    Case("missing scope", "groups without usergroups:read", narrow(lambda s: s.usergroups_list()),
         "missing_scope usergroups:read", f"{METHODS}/usergroups.list"),
    Case("no such function", "a method nobody has", sdk(lambda s: s.api_call("conversations.invent")),
         "unknown_method", f"{DOCS}/apis/web-api"),
    Case("name is taken", "a channel of that name", sdk(lambda s: s.conversations_create(name="general")),
         "name_taken", f"{METHODS}/conversations.create"),
    Case("name is taken", "an archived channel of that name",
         sdk(lambda s: [archived(s), s.conversations_create(name="incident-7")]),
         "name_taken", f"{METHODS}/conversations.create"),
    Case("bad name", "none at all", sdk(lambda s: s.conversations_create(name="")), "invalid_name_required",
         f"{METHODS}/conversations.create"),
    Case("bad name", "capitals and a space", sdk(lambda s: s.conversations_create(name="Incident 42")),
         "invalid_name_specials", f"{METHODS}/conversations.create"),
    Case("bad name", "81 letters", sdk(lambda s: s.conversations_create(name="a" * 81)), "invalid_name_maxlength",
         f"{METHODS}/conversations.create"),
    Case(GONE, "post to a channel that is not", sdk(lambda s: s.chat_postMessage(channel="C0NOWHERE", text="x")),
         "channel_not_found", f"{METHODS}/chat.postMessage"),
    Case(GONE, "edit a message that is not", sdk(lambda s: s.chat_update(channel=INCIDENTS, ts="1.1", text="x")),
         "message_not_found", f"{METHODS}/chat.update"),
    Case(GONE, "read a thread that is not", sdk(lambda s: s.conversations_replies(channel=INCIDENTS, ts="1.1")),
         "thread_not_found", f"{METHODS}/conversations.replies"),
    Case("nobody of that name", "whisper to a user who is not",
         sdk(lambda s: s.chat_postEphemeral(channel=INCIDENTS, user="U0NOBODY", text="x")),
         "user_not_found", f"{METHODS}/chat.postEphemeral"),
    Case("nobody of that name", "look up a mail address", sdk(lambda s: s.users_lookupByEmail(email="no@example.com")),
         "users_not_found", f"{METHODS}/users.lookupByEmail"),
    Case("invitation", "who is in already", sdk(lambda s: s.conversations_invite(channel=INCIDENTS, users="U0ANA")),
         "already_in_channel", f"{METHODS}/conversations.invite"),
    Case("invitation", "the bot itself", sdk(lambda s: s.conversations_invite(channel=INCIDENTS, users="U0TOCSIN")),
         "cant_invite_self", f"{METHODS}/conversations.invite"),
    Case("invitation", "one of a list is not known",
         sdk(lambda s: s.conversations_invite(channel=INCIDENTS, users="U0NOBODY,U0BEA")),
         "user_not_found", f"{METHODS}/conversations.invite"),
    Case(TWICE, "react twice", sdk(lambda s: twice(s, "reactions.add", timestamp=post(s), name="eyes")),
         "already_reacted", f"{METHODS}/reactions.add"),
    Case(TWICE, "pin twice", sdk(lambda s: twice(s, "pins.add", timestamp=post(s))),
         "already_pinned", f"{METHODS}/pins.add"),
    Case(TWICE, "archive twice", sdk(lambda s: s.conversations_archive(channel=archived(s))),
         "already_archived", f"{METHODS}/conversations.archive"),
    Case("nothing to take away", "a reaction nobody made",
         sdk(lambda s: s.reactions_remove(channel=INCIDENTS, timestamp=post(s), name="eyes")),
         "no_reaction", f"{METHODS}/reactions.remove"),
    Case("nothing to take away", "a pin nobody set",
         sdk(lambda s: s.pins_remove(channel=INCIDENTS, timestamp=post(s))), "no_pin", f"{METHODS}/pins.remove"),
    Case("nothing to take away", "a channel that is open",
         sdk(lambda s: s.conversations_unarchive(channel=INCIDENTS)),
         "not_archived", f"{METHODS}/conversations.unarchive"),
    Case("not a member", "read where the bot is not", sdk(lambda s: s.conversations_history(channel=left(s))),
         "not_in_channel", f"{METHODS}/conversations.history"),
    Case("not a member", "invite where the bot is not",
         sdk(lambda s: s.conversations_invite(channel=left(s), users="U0ANA")),
         "not_in_channel", f"{METHODS}/conversations.invite"),
    Case("archived", "post there", sdk(lambda s: s.chat_postMessage(channel=archived(s), text="x")),
         "is_archived", f"{METHODS}/chat.postMessage"),
    Case("archived", "edit there", sdk(archived_card), "is_inactive", f"{METHODS}/chat.update"),
    Case("archived", "name it", sdk(lambda s: s.conversations_setTopic(channel=archived(s), topic="x")),
         "is_archived", f"{METHODS}/conversations.setTopic"),
    Case("somebody else's words", "edit them", sdk(lambda s: s.chat_update(channel=INCIDENTS, ts=joined(s), text="x")),
         "cant_update_message", f"{METHODS}/chat.update"),
    Case("somebody else's words", "delete them", sdk(lambda s: s.chat_delete(channel=INCIDENTS, ts=joined(s))),
         "cant_delete_message", f"{METHODS}/chat.delete"),
    Case("the general channel", "archive it", sdk(lambda s: s.conversations_archive(channel=GENERAL)),
         "cant_archive_general", f"{METHODS}/conversations.archive"),
    Case("the general channel", "leave it", sdk(lambda s: s.conversations_leave(channel=GENERAL)),
         "cant_leave_general", f"{METHODS}/conversations.leave"),
    Case("the general channel", "send somebody out",
         sdk(lambda s: s.conversations_kick(channel=GENERAL, user="U0ANA")),
         "cant_kick_from_general", f"{METHODS}/conversations.kick"),
    Case("text too long", "a post of 40,001 letters",
         sdk(lambda s: s.chat_postMessage(channel=INCIDENTS, text="x" * 40001)),
         "msg_too_long", f"{METHODS}/chat.postMessage"),
    Case("text too long", "an edit of 4,001 letters",
         sdk(lambda s: s.chat_update(channel=INCIDENTS, ts=post(s), text="x" * 4001)),
         "msg_too_long", f"{METHODS}/chat.update"),
    Case("text too long", "a topic of 251 letters",
         sdk(lambda s: s.conversations_setTopic(channel=INCIDENTS, topic="t" * 251)),
         "too_long", f"{METHODS}/conversations.setTopic"),
    Case("nothing said", "a post of nothing", raw("chat.postMessage", json.dumps({"channel": INCIDENTS}).encode()),
         "no_text", f"{METHODS}/chat.postMessage"),
    Case("cannot be read", "a body that is no JSON", raw("chat.postMessage", b"{"), "invalid_json",
         f"{DOCS}/apis/web-api#evaluating_responses"),
    Case("cannot be read", "blocks that are no JSON",
         sdk(lambda s: s.chat_postMessage(channel=INCIDENTS, text="x", blocks="no json")),
         "invalid_blocks_format", f"{METHODS}/chat.postMessage"),
    Case("thread", "a time that is none", sdk(lambda s: post(s, thread_ts="0")),
         "invalid_thread_ts [ERROR] 0 is not a valid thread_ts", "https://github.com/jenkinsci/slack-plugin/issues/584"),
    Case("thread", "an answer to somebody's coming", sdk(lambda s: post(s, thread_ts=joined(s))),
         "cannot_reply_to_message", f"{METHODS}/chat.postMessage"),
    Case("emoji", "one that is not",
         sdk(lambda s: s.reactions_add(channel=INCIDENTS, timestamp=post(s), name="no_such")),
         "invalid_name", f"{METHODS}/reactions.add"),
    Case("paging", "a cursor nobody gave out", sdk(lambda s: s.conversations_list(cursor="???")),
         "invalid_cursor", f"{METHODS}/conversations.list"),
    Case("paging", "a type of channel that is not", sdk(lambda s: s.conversations_list(types="secret")),
         "invalid_types", f"{METHODS}/conversations.list"),
    Case("metadata", "a payload that is no object", marked("42"), "invalid_metadata_schema",
         f"{METHODS}/chat.postMessage"),
    Case("metadata", "more than 16,000 characters", marked({"mark": "m" * 16000}), "metadata_too_large",
         f"{METHODS}/chat.postMessage"),
    Case("too often", "21 channels in a minute", sdk(flood), "429 ratelimited", f"{DOCS}/apis/web-api/rate-limits"),
    Case("too often", "11 messages at once in a channel", sdk(flood_of_messages), "429 ratelimited",
         f"{DOCS}/apis/web-api/rate-limits"),
]  # fmt: skip
