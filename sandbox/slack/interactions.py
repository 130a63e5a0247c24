"""The payloads of interactions: what the app gets when a person clicks, submits or uses a shortcut."""

from typing import Any

from sandbox.slack.parcel import Answer
from sandbox.slack.shapes import message_shape
from sandbox.slack.state import Channel, Json, Message, User, View
from sandbox.slack.workspaces import Slack
from sandbox.world import APP_ID


async def interact(slack: Slack, payload: Json) -> Answer:
    return await slack.delivery.interaction(payload)


def basics(kind: str, user: User, trigger: str) -> Json:
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team.id},
        "api_app_id": APP_ID,
        "token": "sandbox-verification-token",
        "team": {"id": user.team.id, "domain": user.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": trigger,
    }


def action(slack: Slack, block: Json, element: Json, choice: Json) -> Json:
    shown = {"text": element["text"]} if element["type"] == "button" else {}
    ids = {"action_id": element["action_id"], "block_id": block["block_id"]}
    return {**ids, **shown, **choice, "action_ts": slack.workspace.new_ts()}


def in_message(slack: Slack, channel: Channel, message: Message, user: User) -> tuple[Json, str]:
    """Where a click on a message happened, and the response URL that comes with it."""
    hidden = message.shown_to is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": hidden,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    url = slack.response_urls.make(channel.id, user.id, message.ts, message.thread_ts)
    where: Json = {"container": container, "channel": _channel(channel), "response_url": url}
    if not hidden:
        where["message"] = message_shape(message, channel, metadata=True)
    return where, url


def in_view(view: View) -> Json:
    return {"container": {"type": "view", "view_id": view.shown["id"]}, "view": view.shown}


def on_message(slack: Slack, channel: Channel, message: Message, user: User) -> Json:
    """What a message shortcut adds."""
    url = slack.response_urls.make(channel.id, user.id, message.ts, message.thread_ts)
    shape: dict[str, Any] = message_shape(message, channel, metadata=True)
    return {"channel": _channel(channel), "message": shape, "message_ts": message.ts, "response_url": url}


def _channel(channel: Channel) -> Json:
    name = "directmessage" if channel.direct else "privategroup" if channel.private else channel.name
    return {"id": channel.id, "name": name}
