"""Slack's payloads, read into what the product asks; pure.

Source: https://docs.slack.dev/interactivity/implementing-slash-commands,
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload, https://docs.slack.dev/reference/events
"""

import json
from typing import Any

from bot.clicks import Click
from bot.commands import Asked
from bot.events import Mention, Reaction
from incidents.people import SlackUser
from integrations.card import incident_of

Body = dict[str, Any]


class MalformedError(Exception):
    """It is signed, and still not what Slack's documentation describes; delivering it again would not help."""


def body_of(text: str) -> Body:
    """A JSON object. Raises: MalformedError."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"the body is no JSON: {type(error).__name__}") from None
    if not isinstance(body, dict) or not isinstance(body.get("event", {}), dict):
        raise MalformedError("the body is no JSON object, or its event is none")
    return body


def _texts(body: Body, *names: str) -> list[str]:
    """Those members, all of which must be texts. Raises: MalformedError."""
    for name in names:
        if not isinstance(body.get(name), str) or not body[name]:
            raise MalformedError(f"{name} is missing, or no text")
    return [body[name] for name in names]


def _part(body: Body, name: str) -> Body:
    part = body.get(name)
    if not isinstance(part, dict):
        raise MalformedError(f"{name} is missing, or no object")
    return part


def asked(command: Body) -> Asked:
    trigger, user, channel = _texts(command, "trigger_id", "user_id", "channel_id")
    return Asked(
        trigger=trigger,
        user=SlackUser(user, str(command.get("user_name") or "")),
        channel=channel,
        text=str(command.get("text") or ""),
    )


def chosen(body: Body, action: Body) -> Asked:
    """A button under "Did you mean …?". A question is answered once: its message stands for the command."""
    channel, timestamp = _texts(_part(body, "container"), "channel_id", "message_ts")
    (user,), (text,) = _texts(_part(body, "user"), "id"), _texts(action, "value")
    who = SlackUser(user, _name(body))
    return Asked(trigger=f"{channel}:{timestamp}", user=who, channel=channel, text=text)


def click(body: Body, action: Body) -> Click:
    option = action.get("selected_option") or {}
    value = str(action.get("value") or "")
    (trigger,), (user,), (kind,) = (
        _texts(body, "trigger_id"),
        _texts(_part(body, "user"), "id"),
        _texts(action, "action_id"),
    )
    try:
        incident = str(incident_of(str(action.get("block_id") or "")))
    except ValueError:
        incident = value
    return Click(
        trigger=trigger,
        user=SlackUser(user, _name(body)),
        action=kind,
        incident=incident,
        value=str(option.get("value") or value),
    )


def mention(event: Body, body: Body) -> Mention | None:
    """None for what no person wrote: bots that greet each other would never end, and our own topics name people too."""
    if event.get("bot_id") or event.get("subtype") or event.get("user") in (None, "", _bot_user(body)):
        return None
    (delivery,), (user, channel, timestamp) = _texts(body, "event_id"), _texts(event, "user", "channel", "ts")
    return Mention(
        event=delivery,
        user=SlackUser(user),
        channel=channel,
        thread=str(event.get("thread_ts") or timestamp),
        text=str(event.get("text") or ""),
        bot_user=_bot_user(body),
    )


def reaction(event: Body, body: Body) -> Reaction | None:
    """None when it is on no message, or our own."""
    item = _part(event, "item")
    if item.get("type") != "message" or event.get("user") == _bot_user(body):
        return None
    at, user = _texts(event, "event_ts", "user")
    channel, timestamp = _texts(item, "channel", "ts")
    return Reaction(
        at=at,
        user=SlackUser(user),
        name=str(event.get("reaction") or ""),
        channel=channel,
        timestamp=timestamp,
        removed=event["type"] == "reaction_removed",
    )


def _bot_user(body: Body) -> str | None:
    """Who we are in the workspace that the event comes from."""
    return next((each.get("user_id") for each in body.get("authorizations") or []), None)


def _name(body: Body) -> str:
    """The name that Slack shows in a payload of a click."""
    return str(body["user"].get("username") or body["user"].get("name") or "")
