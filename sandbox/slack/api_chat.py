"""Web API: messages are posted, edited and deleted."""

import json
import re
from typing import Any

from sandbox.slack.blocks import message_blocks
from sandbox.slack.context import Call, method
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import MESSAGES, SPECIAL, TIER_3, TIER_4
from sandbox.slack.shapes import message_shape
from sandbox.slack.state import Channel, Json, Message

LONGEST_POST = 40_000
LONGEST_EDIT = 4_000
LARGEST_METADATA = 16_000
TIMESTAMP = re.compile(r"\d+\.\d+")


@method("chat.postMessage", "chat:write", window=None)
def post_message(call: Call) -> Json:
    channel = _writable(call)
    call.slack.limits.pass_or_refuse(call.method, MESSAGES, channel.id)
    thread = call.args.optional("thread_ts")
    if thread is not None:
        thread = _thread(call, channel, thread)
    message = Message(
        call.workspace.new_ts(),
        call.bot,
        str(call.args.given.get("text") or ""),
        blocks=message_blocks(call.args.structure("blocks", "invalid_blocks_format")),
        attachments=call.args.structure("attachments", "invalid_attachments") or [],
        thread_ts=thread,
        broadcast=call.args.flag("reply_broadcast"),
        from_bot=True,
        metadata=_metadata(call),
    )
    _not_empty(message, LONGEST_POST)
    channel.messages[message.ts] = message
    call.slack.events.posted(channel, message)
    call.effect = {"channel": channel.id, "ts": message.ts, "posted": message.text}
    return {"channel": channel.id, "ts": message.ts, "message": message_shape(message, channel, metadata=True)}


@method("chat.update", "chat:write", window=TIER_3)
def update(call: Call) -> Json:
    """A text without blocks takes the blocks away: https://docs.slack.dev/reference/methods/chat.update#text-blocks-attachments."""
    channel = call.channel()
    message = call.message(channel, call.args.text("ts"))
    if message.user != call.bot or message.subtype:
        raise SlackError("cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    text = call.args.given.get("text")
    blocks = call.args.structure("blocks", "invalid_blocks_format")
    metadata = _metadata(call)
    changed = Message(
        message.ts,
        message.user,
        message.text if text is None else str(text),
        blocks=message.blocks if blocks is None and text is None else message_blocks(blocks),
        attachments=call.args.structure("attachments", "invalid_attachments") or message.attachments,
    )
    _not_empty(changed, LONGEST_EDIT)
    if text is None and blocks is None and "attachments" not in call.args.given:
        raise SlackError("no_text")
    before = message_shape(message, channel, metadata=True)
    message.text, message.blocks, message.attachments = changed.text, changed.blocks, changed.attachments
    message.metadata = message.metadata if metadata is None else metadata
    message.edited = call.workspace.new_ts()
    call.slack.events.changed(channel, message, before)
    call.effect = {"channel": channel.id, "ts": message.ts, "edited": message.text}
    shape = message_shape(message, channel, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


@method("chat.delete", "chat:write", window=TIER_3)
def delete(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, call.args.text("ts"))
    if message.user != call.bot or message.subtype:
        raise SlackError("cant_delete_message")
    before = message_shape(message, channel)
    del channel.messages[message.ts]
    channel.pins.pop(message.ts, None)
    call.slack.events.deleted(channel, before)
    call.effect = {"channel": channel.id, "ts": message.ts, "deleted": True}
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", "chat:write", window=TIER_4)
def post_ephemeral(call: Call) -> Json:
    channel = _writable(call)
    user = call.user(call.args.text("user"))
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = Message(
        call.workspace.new_ts(),
        call.bot,
        str(call.args.given.get("text") or ""),
        blocks=message_blocks(call.args.structure("blocks", "invalid_blocks_format")),
        thread_ts=call.args.optional("thread_ts"),
        from_bot=True,
        shown_to=user.id,
    )
    _not_empty(message, LONGEST_POST)
    channel.messages[message.ts] = message
    call.effect = {"channel": channel.id, "ts": message.ts, "shown_to": user.id, "posted": message.text}
    return {"message_ts": message.ts}


@method("chat.getPermalink", window=SPECIAL)
def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, call.args.text("message_ts"))
    link = f"{call.slack.sandbox.address}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _writable(call: Call) -> Channel:
    """A channel by id or name, or the direct message with a user by the user's id."""
    asked = call.args.text("channel")
    user = call.workspace.users.get(asked)
    named = call.workspace.channel_named(asked.removeprefix("#"))
    if user is not None and not user.bot:
        channel = call.workspace.direct_channel((user.id,))
    elif named is not None and (not named.private or call.bot in named.members):
        channel = named
    else:
        channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if call.bot not in channel.members and "chat:write.public" not in call.slack.installation.scopes:
        raise SlackError("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel, ts: str) -> str:
    """A thread that does not exist is taken all the same, and nobody sees the reply there:
    https://github.com/slackapi/python-slack-sdk/issues/840. People coming and going cannot be answered to."""
    if not TIMESTAMP.fullmatch(ts):
        message = f"[ERROR] {ts} is not a valid thread_ts"
        raise SlackError("invalid_thread_ts", response_metadata={"messages": [message]})
    parent = channel.messages.get(ts)
    if parent is None:
        return ts
    if parent.subtype or parent.shown_to:
        raise SlackError("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def _not_empty(message: Message, longest: int) -> None:
    if not message.text and not message.blocks and not message.attachments:
        raise SlackError("no_text")
    if len(message.text) > longest:
        raise SlackError("msg_too_long")


def _metadata(call: Call) -> Json | None:
    sent: Any = call.args.structure("metadata", "invalid_metadata_format")
    if sent is None:
        return None
    if not isinstance(sent, dict) or not isinstance(sent.get("event_type", ""), str):
        raise SlackError("invalid_metadata_format")
    if sent and (not sent.get("event_type") or not isinstance(sent.get("event_payload"), dict)):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(sent)) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")
    return sent
