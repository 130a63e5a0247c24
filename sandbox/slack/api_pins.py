"""Web API: pinned messages and a channel's bookmarks."""

import time

from sandbox.slack.context import Call, method
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import TIER_2
from sandbox.slack.shapes import message_shape
from sandbox.slack.state import Channel, Json, new_id
from sandbox.world import APP_ID

MOST_PINS = 100
MOST_BOOKMARKS = 100


@method("pins.add", "pins:write", window=TIER_2)
def add_pin(call: Call) -> Json:
    channel = call.open_joined()
    message = call.message(channel, _timestamp(call))
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= MOST_PINS:
        raise SlackError("too_many_pins")
    channel.pins[message.ts] = {"created": int(time.time()), "created_by": call.bot}
    call.slack.events.pinned(channel, call.bot, _item(channel, message.ts))
    call.effect = {"channel": channel.id, "pinned": message.ts}
    return {}


@method("pins.remove", "pins:write", window=TIER_2)
def remove_pin(call: Call) -> Json:
    channel = call.open_joined()
    message = call.message(channel, _timestamp(call))
    if channel.pins.pop(message.ts, None) is None:
        raise SlackError("no_pin")
    call.effect = {"channel": channel.id, "unpinned": message.ts}
    return {}


@method("pins.list", "pins:read", window=TIER_2)
def list_pins(call: Call) -> Json:
    channel = call.joined()
    return {"items": [_item(channel, ts) for ts in reversed(channel.pins)]}


@method("bookmarks.add", "bookmarks:write", window=TIER_2)
def add_bookmark(call: Call) -> Json:
    channel = call.open_joined("channel_id")
    title, kind = call.args.text("title"), call.args.text("type")
    link = call.args.optional("link")
    if kind != "link":
        raise SlackError("invalid_bookmark_type")
    if not (link or "").startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    if len(channel.bookmarks) >= MOST_BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    bookmark = {
        "id": new_id("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": call.args.optional("emoji"),
        "type": kind,
        "date_created": int(time.time()),
        "app_id": APP_ID,
        "last_updated_by_user_id": call.bot,
        "last_updated_by_team_id": call.workspace.team.id,
    }
    channel.bookmarks.append(bookmark)
    call.effect = {"channel": channel.id, "bookmark": bookmark["id"], "title": title}
    return {"bookmark": bookmark}


@method("bookmarks.edit", "bookmarks:write", window=TIER_2)
def edit_bookmark(call: Call) -> Json:
    bookmark = _bookmark(call)
    bookmark.update({name: call.args.text(name) for name in ("title", "link", "emoji") if call.args.optional(name)})
    call.effect = {"channel": bookmark["channel_id"], "bookmark": bookmark["id"], "title": bookmark["title"]}
    return {"bookmark": bookmark}


@method("bookmarks.remove", "bookmarks:write", window=TIER_2)
def remove_bookmark(call: Call) -> Json:
    bookmark = _bookmark(call)
    call.channel("channel_id").bookmarks.remove(bookmark)
    call.effect = {"channel": bookmark["channel_id"], "bookmark_removed": bookmark["id"]}
    return {}


@method("bookmarks.list", "bookmarks:read", window=TIER_2)
def list_bookmarks(call: Call) -> Json:
    return {"bookmarks": call.joined("channel_id").bookmarks}


def _bookmark(call: Call) -> Json:
    channel = call.open_joined("channel_id")
    found = [one for one in channel.bookmarks if one["id"] == call.args.text("bookmark_id")]
    if not found:
        raise SlackError("not_found")
    return found[0]


def _timestamp(call: Call) -> str:
    ts = call.args.optional("timestamp")
    if ts is None:
        raise SlackError("no_item_specified")
    return ts


def _item(channel: Channel, ts: str) -> Json:
    pinned = channel.pins[ts]
    shape = message_shape(channel.messages[ts], channel)
    return {"type": "message", "channel": channel.id, "message": shape, **pinned}
