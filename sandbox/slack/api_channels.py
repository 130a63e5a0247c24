"""Web API: channels are made, found, named and put away."""

import re
import time

from sandbox.slack.context import Call, method
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import TIER_2, TIER_3, Window
from sandbox.slack.paging import page
from sandbox.slack.shapes import channel_shape
from sandbox.slack.state import Channel, Json, Message, new_id

READS = ("channels:read", "groups:read", "im:read", "mpim:read")
MANAGES = ("channels:manage", "groups:write")
CREATIONS = Window(20, 60)
LONGEST_NAME = 80
LONGEST_TOPIC = 250


@method("conversations.create", *MANAGES, window=CREATIONS)
def create(call: Call) -> Json:
    private = call.args.flag("is_private")
    call.scope("groups:write" if private else "channels:manage")
    name = _free_name(call)
    channel = Channel(
        new_id("C"), name, call.bot, int(time.time()), [call.bot], private=private, team=call.workspace.team
    )
    call.workspace.channels[channel.id] = channel
    call.effect = {"channel": channel.id, "name": name}
    return {"channel": channel_shape(channel)}


@method("conversations.rename", *MANAGES, window=TIER_2)
def rename(call: Call) -> Json:
    channel = call.open_joined()
    if channel.name != call.args.optional("name"):
        channel.name = _free_name(call)
        call.effect = {"channel": channel.id, "name": channel.name}
    return {"channel": channel_shape(channel)}


@method("conversations.list", *READS, window=TIER_2)
def list_(call: Call) -> Json:
    types = call.args.names("types") or ["public_channel"]
    unknown = set(types) - {"public_channel", "private_channel", "im", "mpim"}
    if unknown:
        raise SlackError("invalid_types")
    found = [one for one in call.workspace.channels.values() if _type(one) in types]
    visible = [one for one in found if not one.private or call.bot in one.members]
    shown = [one for one in visible if not (one.archived and call.args.flag("exclude_archived"))]
    part, cursor = page(call.args, shown, most=1000, default=100)
    return {"channels": [channel_shape(one) for one in part], "response_metadata": {"next_cursor": cursor}}


@method("conversations.info", *READS, window=TIER_3)
def info(call: Call) -> Json:
    shape = channel_shape(call.channel())
    return {"channel": shape if call.args.flag("include_num_members") else _without(shape, "num_members")}


@method("conversations.archive", *MANAGES, window=TIER_2)
def archive(call: Call) -> Json:
    channel = call.channel()
    if channel.archived:
        raise SlackError("already_archived")
    if channel.name == "general":
        raise SlackError("cant_archive_general")
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    channel.archived = True
    call.effect = {"channel": channel.id, "archived": True}
    return {}


@method("conversations.unarchive", *MANAGES, window=TIER_2)
def unarchive(call: Call) -> Json:
    channel = call.channel()
    if not channel.archived:
        raise SlackError("not_archived")
    channel.archived = False
    call.effect = {"channel": channel.id, "archived": False}
    return {}


@method("conversations.setTopic", *MANAGES, "channels:write.topic", "im:write", "mpim:write", window=TIER_2)
def set_topic(call: Call) -> Json:
    channel = _set(call, "topic")
    return {"channel": channel_shape(channel)}


@method("conversations.setPurpose", *MANAGES, "channels:write.topic", "im:write", "mpim:write", window=TIER_2)
def set_purpose(call: Call) -> Json:
    channel = _set(call, "purpose")
    return {"purpose": channel.purpose["value"]}


def _set(call: Call, what: str) -> Channel:
    channel = call.open_joined()
    value = str(call.args.given.get(what) or "")
    if len(value) > LONGEST_TOPIC:
        raise SlackError("too_long")
    setattr(channel, what, {"value": value, "creator": call.bot, "last_set": int(time.time())})
    ts = call.workspace.new_ts()
    said = f"<@{call.bot}> set the channel {'topic' if what == 'topic' else 'description'}: {value}"
    channel.messages[ts] = Message(ts, call.bot, said, subtype=f"channel_{what}")
    call.slack.events.posted(channel, channel.messages[ts])
    call.effect = {"channel": channel.id, what: value}
    return channel


def _free_name(call: Call) -> str:
    name = str(call.args.given.get("name") or "").strip().removeprefix("#")
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise SlackError("invalid_name_maxlength")
    if re.fullmatch(r"[\W_]+", name):
        raise SlackError("invalid_name_punctuation")
    if name != name.lower() or not re.fullmatch(r"[\w-]+", name):
        raise SlackError("invalid_name_specials")
    if call.workspace.channel_named(name):
        raise SlackError("name_taken")
    return name


def _type(channel: Channel) -> str:
    if channel.direct:
        return "im" if len(channel.people) == 1 else "mpim"
    return "private_channel" if channel.private else "public_channel"


def _without(shape: Json, name: str) -> Json:
    return {key: value for key, value in shape.items() if key != name}
