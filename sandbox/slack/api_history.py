"""Web API: what was written in a channel or a thread."""

from sandbox.slack.args import Args
from sandbox.slack.context import Call, method
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import TIER_3
from sandbox.slack.paging import page
from sandbox.slack.shapes import message_shape
from sandbox.slack.state import Channel, Json, Message

READS = ("channels:history", "groups:history", "im:history", "mpim:history")


@method("conversations.history", *READS, window=TIER_3)
def history(call: Call) -> Json:
    channel = _readable(call)
    spoken = [one for one in channel.messages.values() if not one.shown_to]
    first = [one for one in spoken if one.thread_ts in (None, one.ts) or one.broadcast]
    return _answer(call, channel, list(reversed(_between(call.args, first))))


@method("conversations.replies", *READS, window=TIER_3)
def replies(call: Call) -> Json:
    channel = _readable(call)
    asked = call.message(channel, call.args.text("ts"), "thread_not_found")
    parent = channel.messages.get(asked.thread_ts or asked.ts, asked)
    return _answer(call, channel, [parent, *_between(call.args, channel.replies(parent.ts))])


def _answer(call: Call, channel: Channel, messages: list[Message]) -> Json:
    part, cursor = page(call.args, messages, most=999, default=100)
    metadata = call.args.flag("include_all_metadata")
    answer: Json = {
        "messages": [message_shape(one, channel, metadata=metadata) for one in part],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _readable(call: Call) -> Channel:
    channel = call.joined()
    kind = "groups" if channel.private else "channels"
    if channel.direct:
        kind = "im" if len(channel.people) == 1 else "mpim"
    call.scope(f"{kind}:history")
    return channel


def _between(args: Args, messages: list[Message]) -> list[Message]:
    oldest, latest = _ts(args, "oldest", 0.0), _ts(args, "latest", float("inf"))
    if args.flag("inclusive"):
        return [one for one in messages if oldest <= float(one.ts) <= latest]
    return [one for one in messages if oldest < float(one.ts) < latest]


def _ts(args: Args, name: str, default: float) -> float:
    value = args.optional(name)
    try:
        return default if value is None else float(value)
    except ValueError as error:
        raise SlackError(f"invalid_ts_{name}") from error
