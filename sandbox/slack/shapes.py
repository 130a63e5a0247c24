"""Users, channels and messages in the JSON that Slack sends."""

from sandbox.slack.state import Channel, Json, Message, User
from sandbox.world import APP_ID


def user_shape(user: User, *, email: bool) -> Json:
    profile: Json = {
        "real_name": user.real_name,
        "display_name": user.name,
        "first_name": user.real_name,
        "team": user.team.id,
    }
    if email and not user.bot:
        profile["email"] = user.email
    if user.bot:
        profile |= {"bot_id": user.team.bot_id, "api_app_id": APP_ID}
    return {
        "id": user.id,
        "team_id": user.team.id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "profile": profile,
        "is_admin": user.id == user.team.people[0].id,
        "is_owner": False,
        "is_restricted": user.guest,
        "is_ultra_restricted": False,
        "is_bot": user.bot,
        "is_app_user": False,
    }


def channel_shape(channel: Channel) -> Json:
    if channel.direct:
        group = len(channel.people) > 1
        one: Json = {"id": channel.id, "created": channel.created, "is_im": not group, "is_mpim": group}
        return one | ({"name": channel.name} if group else {"user": channel.people[0]})
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "is_shared": False,
        "is_member": channel.team.bot_user in channel.members,
        "created": channel.created,
        "creator": channel.creator,
        "context_team_id": channel.team.id,
        "topic": channel.topic,
        "purpose": channel.purpose,
        "num_members": len(channel.members),
    }


def message_shape(message: Message, channel: Channel, *, metadata: bool = False) -> Json:
    shape: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    shape["team"] = channel.team.id
    if message.from_bot:
        shape |= {"bot_id": channel.team.bot_id, "app_id": APP_ID}
    reactions = [{"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()]
    sometimes = {
        "subtype": message.subtype,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": {"user": message.user, "ts": message.edited} if message.edited else None,
        "metadata": message.metadata if metadata else None,
        "reactions": reactions,
        "pinned_to": [channel.id] if message.ts in channel.pins else None,
    }
    return shape | {name: value for name, value in sometimes.items() if value} | _thread(message, channel)


def _thread(message: Message, channel: Channel) -> Json:
    replies = channel.replies(message.ts)
    if replies:
        people = sorted({reply.user for reply in replies})
        counted = {"reply_count": len(replies), "latest_reply": replies[-1].ts, "reply_users": people}
        return {"thread_ts": message.ts, **counted}
    if message.thread_ts is None or message.thread_ts == message.ts:
        return {}
    parent = channel.messages.get(message.thread_ts)
    return {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else None}
