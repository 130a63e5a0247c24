"""What happens in the workspace, told to the app: Events API envelopes for what it is subscribed to and may see."""

import asyncio
import time

from sandbox.core import Sandbox
from sandbox.slack.delivery import Delivery
from sandbox.slack.manifest import Installation
from sandbox.slack.parcel import Answer
from sandbox.slack.shapes import message_shape
from sandbox.slack.state import Channel, Json, Message, Workspace, new_id
from sandbox.world import APP_ID

Told = list[asyncio.Task[Answer]]
SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "app_home_opened": "",
    "pin_added": "pins:read",
    "app_uninstalled": "",
    "tokens_revoked": "",
}


class Events:
    """Each method returns the deliveries that it started; the first answer of each can be awaited."""

    def __init__(self, sandbox: Sandbox, workspace: Workspace, installed: Installation, delivery: Delivery) -> None:
        self._sandbox = sandbox
        self._workspace = workspace
        self._installed = installed
        self._delivery = delivery

    def posted(self, channel: Channel, message: Message) -> Told:
        shape = {**message_shape(message, channel, metadata=True), **_place(channel, message.ts)}
        told: Told = []
        by_person = not message.subtype and message.user != self._workspace.team.bot_user
        if f"<@{self._workspace.team.bot_user}>" in message.text and by_person and not channel.direct:
            told += self._tell("app_mention", channel, {**shape, "type": "app_mention"})
        return told + self._tell(_message_kind(channel), channel, shape)

    def changed(self, channel: Channel, message: Message, before: Json) -> Told:
        event = {
            "type": "message",
            "subtype": "message_changed",
            "message": message_shape(message, channel, metadata=True),
            "previous_message": before,
            "hidden": True,
            "ts": self._workspace.new_ts(),
        }
        return self._tell(_message_kind(channel), channel, {**event, **_place(channel, message.edited or message.ts)})

    def deleted(self, channel: Channel, before: Json) -> Told:
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "deleted_ts": before["ts"],
            "previous_message": before,
            "hidden": True,
            "ts": self._workspace.new_ts(),
        }
        return self._tell(_message_kind(channel), channel, {**event, **_place(channel, before["ts"])})

    def reacted(self, channel: Channel, message: Message, user: str, name: str, *, removed: bool = False) -> Told:
        kind = "reaction_removed" if removed else "reaction_added"
        item = {"type": "message", "channel": channel.id, "ts": message.ts}
        event = {"type": kind, "user": user, "reaction": name, "item": item, "item_user": message.user}
        return self._tell(kind, channel, {**event, "event_ts": self._workspace.new_ts()})

    def joined(self, channel: Channel, user: str, inviter: str | None = None) -> Told:
        kind = "G" if channel.private else "C"
        event: Json = {"type": "member_joined_channel", "user": user, "channel": channel.id, "channel_type": kind}
        event |= {"team": self._workspace.team.id, "event_ts": self._workspace.new_ts()}
        return self._tell("member_joined_channel", channel, event | ({"inviter": inviter} if inviter else {}))

    def left(self, channel: Channel, user: str) -> Told:
        kind = "G" if channel.private else "C"
        event: Json = {"type": "member_left_channel", "user": user, "channel": channel.id, "channel_type": kind}
        return self._tell(
            "member_left_channel",
            channel,
            event | {"team": self._workspace.team.id, "event_ts": self._workspace.new_ts()},
        )

    def pinned(self, channel: Channel, user: str, item: Json) -> Told:
        event = {"type": "pin_added", "user": user, "channel_id": channel.id, "item": item}
        return self._tell("pin_added", channel, {**event, "event_ts": self._workspace.new_ts()})

    def home_opened(self, user: str, view: Json | None) -> Told:
        channel = self._workspace.direct_channel((user,))
        event: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
        event |= {"event_ts": self._workspace.new_ts()}
        return self._tell("app_home_opened", channel, event | ({"view": view} if view else {}))

    def revoked(self, bot: str, *, uninstalled: bool) -> Told:
        """https://docs.slack.dev/reference/events/tokens_revoked and app_uninstalled, in no promised order."""
        told = self._tell("tokens_revoked", None, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}})
        return told + (self._tell("app_uninstalled", None, {"type": "app_uninstalled"}) if uninstalled else [])

    def _tell(self, kind: str, channel: Channel | None, event: Json) -> Told:
        subscribed = self._installed.events
        scope = SCOPES[kind]
        if (subscribed is not None and kind not in subscribed) or (scope and scope not in self._installed.scopes):
            return []
        if channel is not None and self._workspace.team.bot_user not in channel.members:
            return []
        envelope = {
            "token": "sandbox-verification-token",
            "team_id": self._workspace.team.id,
            "context_team_id": self._workspace.team.id,
            "api_app_id": APP_ID,
            "type": "event_callback",
            "event": event,
            "event_id": new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self._workspace.team.id,
                    "user_id": self._workspace.team.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }
        return [self._sandbox.spawn(self._delivery.event(envelope))]


def _place(channel: Channel, ts: str) -> Json:
    return {"channel": channel.id, "event_ts": ts, "channel_type": _channel_type(channel)}


def _channel_type(channel: Channel) -> str:
    if channel.direct:
        return "im" if len(channel.people) == 1 else "mpim"
    return "group" if channel.private else "channel"


def _message_kind(channel: Channel) -> str:
    kinds = {"im": "message.im", "mpim": "message.mpim", "group": "message.groups", "channel": "message.channels"}
    return kinds[_channel_type(channel)]
