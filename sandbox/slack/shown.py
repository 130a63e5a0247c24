"""The whole workspace as the control API shows it: for the page, and for tests that look at what people see."""

from sandbox.slack.state import Channel, Json, Message, User, UserGroup, View, Workspace


def shown_state(workspace: Workspace) -> Json:
    return {
        "version": str(workspace.version),
        "team": {"id": workspace.team.id, "name": workspace.team.name},
        "users": [_user(user) for user in workspace.users.values() if not user.deleted],
        "groups": [_group(one) for one in workspace.groups.values()],
        "channels": [_channel(one) for one in workspace.channels.values()],
        "messages": [
            _message(message, channel)
            for channel in workspace.channels.values()
            for message in sorted(channel.messages.values(), key=lambda one: float(one.ts))
        ],
        "views": [_view(one) for one in workspace.views.values() if one.shown["type"] == "modal"],
        "homes": {user: one.shown for user, one in workspace.homes.items()},
    }


def _user(user: User) -> Json:
    return {name: getattr(user, name) for name in ("id", "name", "real_name", "guest", "bot")}


def _group(group: UserGroup) -> Json:
    return {"id": group.id, "name": group.handle, "users": group.users, "disabled": bool(group.disabled)}


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "topic": channel.topic["value"],
        "purpose": channel.purpose["value"],
        "creator": channel.creator,
        "members": channel.members,
        "people": channel.people,
        "direct": channel.direct,
        "private": channel.private,
        "archived": channel.archived,
        "pins": list(channel.pins),
        "bookmarks": channel.bookmarks,
    }


def _message(message: Message, channel: Channel) -> Json:
    return {
        "channel": channel.id,
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "user": message.user,
        "bot": message.from_bot,
        "subtype": message.subtype,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "metadata": message.metadata,
        "reactions": [{"name": name, "users": users} for name, users in message.reactions.items()],
        "edited": message.edited is not None,
        "pinned": message.ts in channel.pins,
        "ephemeral": message.shown_to is not None,
        "shown_to": message.shown_to,
    }


def _view(view: View) -> Json:
    return {**view.shown, "user": view.user, "open": view.open, "errors": view.errors, "trouble": view.trouble}
