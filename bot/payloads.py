"""Slack's payloads, read into what the product asks; pure.

Source: https://docs.slack.dev/interactivity/implementing-slash-commands,
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload, https://docs.slack.dev/reference/events
"""

from typing import Any

from bot.clicks import Click
from bot.commands import Asked
from bot.events import Mention, Reaction
from integrations.card import incident_of

Body = dict[str, Any]


def asked(command: Body) -> Asked:
    return Asked(
        trigger=command["trigger_id"],
        user=command["user_id"],
        user_name=command.get("user_name", ""),
        channel=command["channel_id"],
        text=command.get("text", ""),
    )


def chosen(body: Body, action: Body) -> Asked:
    """A button under "Did you mean …?". A question is answered once: its message stands for the command."""
    message = body["container"]
    return Asked(
        trigger=f"{message['channel_id']}:{message['message_ts']}",
        user=body["user"]["id"],
        user_name=_name(body),
        channel=message["channel_id"],
        text=action["value"],
    )


def click(body: Body, action: Body) -> Click:
    option = action.get("selected_option") or {}
    value = str(action.get("value") or "")
    try:
        incident = str(incident_of(action.get("block_id") or ""))
    except ValueError:
        incident = value
    return Click(
        trigger=body["trigger_id"],
        user=body["user"]["id"],
        user_name=_name(body),
        action=action["action_id"],
        incident=incident,
        value=str(option.get("value") or value),
    )


def mention(event: Body, body: Body) -> Mention | None:
    """None for what no person wrote: bots that greet each other would never end, and our own topics name people too."""
    if event.get("bot_id") or event.get("subtype") or event.get("user") in (None, "", _bot_user(body)):
        return None
    return Mention(
        event=body["event_id"],
        user=event["user"],
        channel=event["channel"],
        thread=event.get("thread_ts") or event["ts"],
        text=event.get("text") or "",
        bot_user=_bot_user(body),
    )


def reaction(event: Body, body: Body) -> Reaction | None:
    """None when it is on no message, or our own."""
    item = event.get("item") or {}
    if item.get("type") != "message" or event["user"] == _bot_user(body):
        return None
    return Reaction(
        at=event["event_ts"],
        user=event["user"],
        name=event["reaction"],
        channel=item["channel"],
        timestamp=item["ts"],
        removed=event["type"] == "reaction_removed",
    )


def _bot_user(body: Body) -> str | None:
    """Who we are in the workspace that the event comes from."""
    return next((each.get("user_id") for each in body.get("authorizations") or []), None)


def _name(body: Body) -> str:
    """The name that Slack shows in a payload of a click."""
    return str(body["user"].get("username") or body["user"].get("name") or "")
