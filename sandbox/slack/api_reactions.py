"""Web API: reactions to messages."""

from sandbox.slack.context import Call, method
from sandbox.slack.emoji import is_emoji
from sandbox.slack.errors import SlackError, invalid_arguments
from sandbox.slack.limits import TIER_2, TIER_3
from sandbox.slack.shapes import message_shape
from sandbox.slack.state import Channel, Json, Message


@method("reactions.add", "reactions:write", window=TIER_3)
def add(call: Call) -> Json:
    channel, message, name = _asked(call)
    users = message.reactions.get(name, [])
    if call.bot in users:
        raise SlackError("already_reacted")
    message.reactions[name] = [*users, call.bot]
    call.slack.events.reacted(channel, message, call.bot, name)
    call.effect = {"channel": channel.id, "ts": message.ts, "reaction": name}
    return {}


@method("reactions.remove", "reactions:write", window=TIER_2)
def remove(call: Call) -> Json:
    channel, message, name = _asked(call)
    if call.bot not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    take_back(message, call.bot, name)
    call.slack.events.reacted(channel, message, call.bot, name, removed=True)
    call.effect = {"channel": channel.id, "ts": message.ts, "reaction_removed": name}
    return {}


@method("reactions.get", "reactions:read", window=TIER_3)
def get(call: Call) -> Json:
    channel = call.joined()
    message = call.message(channel, call.args.text("timestamp"))
    return {"type": "message", "channel": channel.id, "message": message_shape(message, channel)}


def take_back(message: Message, user: str, name: str) -> None:
    message.reactions[name] = [one for one in message.reactions[name] if one != user]
    if not message.reactions[name]:
        del message.reactions[name]


def _asked(call: Call) -> tuple[Channel, Message, str]:
    if not call.args.optional("channel") or not call.args.optional("timestamp"):
        raise SlackError("no_item_specified")
    name = call.args.optional("name")
    if name is None:
        raise invalid_arguments("missing required field: name")
    name = name.strip(":")
    if not is_emoji(name):
        raise SlackError("invalid_name")
    channel = call.open_joined()
    return channel, call.message(channel, call.args.text("timestamp")), name
