"""What an app's answer to a command, or to a response URL, does in the workspace."""

from typing import Any

from sandbox.slack.blocks import message_blocks
from sandbox.slack.errors import SlackError
from sandbox.slack.response_urls import Place
from sandbox.slack.shapes import message_shape
from sandbox.slack.state import Json, Message
from sandbox.slack.workspaces import Slack


def apply_answer(slack: Slack, place: Place, answer: Json) -> Json:
    """The effect, for the ledger. Raises: SlackError."""
    channel = slack.workspace.channels[place.channel]
    slack.workspace.version += 1
    original = channel.messages.get(place.message_ts or "")
    if answer.get("delete_original"):
        if original is not None:
            del channel.messages[original.ts]
        return {"channel": channel.id, "ts": place.message_ts, "deleted": True}
    blocks = message_blocks(answer.get("blocks"))
    text = str(answer.get("text") or "")
    if not text and not blocks and not answer.get("attachments"):
        raise SlackError("no_text")
    if original is not None and answer.get("replace_original", False):
        before = message_shape(original, channel)
        original.text, original.blocks = text, blocks
        if original.shown_to is None:
            original.edited = slack.workspace.new_ts()
            slack.events.changed(channel, original, before)
        return {"channel": channel.id, "ts": original.ts, "edited": text}
    private = answer.get("response_type") != "in_channel"
    thread = answer.get("thread_ts") or (place.thread_ts if private else None)
    message = Message(
        slack.workspace.new_ts(),
        slack.workspace.team.bot_user,
        text,
        blocks=blocks,
        thread_ts=thread,
        from_bot=True,
        shown_to=place.user if private else None,
    )
    channel.messages[message.ts] = message
    if not private:
        slack.events.posted(channel, message)
    return {"channel": channel.id, "ts": message.ts, "posted": text, "shown_to": message.shown_to}


def whisper(slack: Slack, channel: str, user: str, text: str, thread_ts: str | None = None) -> str:
    """Slackbot tells one person something that only that person sees."""
    slack.workspace.version += 1
    message = Message(slack.workspace.new_ts(), "USLACKBOT", text, thread_ts=thread_ts, shown_to=user)
    slack.workspace.channels[channel].messages[message.ts] = message
    return message.ts


def command_answer(body: Any) -> Json | None:
    """A command's answer is JSON, or text that is shown to the person; None for an empty one."""
    if isinstance(body, dict):
        return body if body.get("text") or body.get("blocks") or body.get("attachments") else None
    text = str(body or "").strip()
    return {"text": text} if text else None
