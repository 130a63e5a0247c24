"""Web API: who is in a channel."""

from sandbox.slack.context import Call, method
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import TIER_3, TIER_4
from sandbox.slack.paging import page
from sandbox.slack.shapes import channel_shape
from sandbox.slack.state import Channel, Json, Message

INVITES = ("channels:manage", "channels:write.invites", "groups:write", "groups:write.invites")
READS = ("channels:read", "groups:read", "im:read", "mpim:read")


@method("conversations.invite", *INVITES, window=TIER_3)
def invite(call: Call) -> Json:
    channel = call.open_joined()
    users = call.args.names("users")
    if not users:
        raise SlackError("no_user")
    refused = [{"user": user, "ok": False, "error": why} for user in users if (why := _cannot(call, channel, user))]
    if refused and (len(refused) == len(users) or not call.args.flag("force")):
        raise SlackError(str(refused[0]["error"]), errors=refused)
    invited = [user for user in users if user not in {one["user"] for one in refused}]
    for user in invited:
        enter(call, channel, user, inviter=call.bot)
    call.effect = {"channel": channel.id, "invited": invited}
    return {"channel": channel_shape(channel), **({"errors": refused} if refused else {})}


@method("conversations.join", "channels:join", window=TIER_3)
def join(call: Call) -> Json:
    channel = call.channel()
    if channel.private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if call.bot in channel.members:
        warnings = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"channel": channel_shape(channel), **warnings}
    enter(call, channel, call.bot)
    call.effect = {"channel": channel.id, "joined": call.bot}
    return {"channel": channel_shape(channel)}


@method("conversations.kick", "channels:manage", "groups:write", window=TIER_3)
def kick(call: Call) -> Json:
    channel = call.joined()
    user = call.user(call.args.text("user"))
    if user.id == call.bot:
        raise SlackError("cant_kick_self")
    if channel.name == "general":
        raise SlackError("cant_kick_from_general")
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    channel.members.remove(user.id)
    call.slack.events.left(channel, user.id)
    call.effect = {"channel": channel.id, "kicked": user.id}
    return {}


@method("conversations.leave", "channels:manage", "groups:write", window=TIER_3)
def leave(call: Call) -> Json:
    channel = call.channel()
    if call.bot not in channel.members:
        return {"not_in_channel": True}
    if channel.name == "general":
        raise SlackError("cant_leave_general")
    channel.members.remove(call.bot)
    call.effect = {"channel": channel.id, "left": call.bot}
    return {}


@method("conversations.members", *READS, window=TIER_4)
def members(call: Call) -> Json:
    part, cursor = page(call.args, call.channel().members, most=1000, default=100)
    return {"members": part, "response_metadata": {"next_cursor": cursor}}


@method("conversations.open", "im:write", "mpim:write", window=TIER_3)
def open_(call: Call) -> Json:
    if call.args.optional("channel"):
        return {"channel": channel_shape(call.channel())}
    users = call.args.names("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 8:
        raise SlackError("too_many_users")
    for user in users:
        if call.user(user).bot:
            raise SlackError("cannot_dm_bot")
    channel = call.workspace.direct_channel(tuple(sorted(set(users))))
    call.effect = {"channel": channel.id}
    return {"channel": channel_shape(channel) if call.args.flag("return_im") else {"id": channel.id}}


def enter(call: Call, channel: Channel, user: str, inviter: str | None = None) -> None:
    channel.members.append(user)
    ts = call.workspace.new_ts()
    channel.messages[ts] = Message(ts, user, f"<@{user}> has joined the channel", subtype="channel_join")
    call.slack.events.joined(channel, user, inviter)


def _cannot(call: Call, channel: Channel, user: str) -> str | None:
    if user == call.bot:
        return "cant_invite_self"
    if user not in call.workspace.users:
        return "user_not_found"
    return "already_in_channel" if user in channel.members else None
