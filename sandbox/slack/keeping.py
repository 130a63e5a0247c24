"""Slack's share of what outlives the process: installations, people, channels and all that is in them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sandbox.slack.records import (
    channel_json,
    installation_json,
    message_json,
    read_channel,
    read_installation,
    read_message,
)
from sandbox.slack.state import Channel, Message
from sandbox.slack.workspaces import Slack, Workspaces
from sandbox.state import Records


class SlackState:
    """Forms, triggers, response URLs and OAuth codes are short-lived and not kept."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def records(self, effect: Any, known: Collection[str]) -> Records:
        if effect and "view" in effect:
            return {}
        if effect and "channel" in effect:
            return self._of_channel(effect["channel"], effect.get("ts"), known)
        found = {_app_key(slack): installation_json(slack) for slack in self._workspaces.by_id.values()}
        for channel in self._channels():
            found[_channel_key(channel)] = channel_json(channel)
            found |= {_message_key(channel, ts): message_json(one) for ts, one in channel.messages.items()}
        return found | {key: None for key in known if key not in found}

    def restore(self, records: Mapping[str, str]) -> None:
        """In the order of the keys a channel comes before its messages, and these by their time."""
        messages: dict[str, dict[str, Message]] = {}
        for key, text in records.items():
            kind, place, *rest = key.split("/")
            if kind == "app":
                read_installation(self._workspaces.by_id[place], text)
            elif kind == "channel":
                workspace = self._workspaces.by_id[place].workspace
                workspace.channels[rest[0]] = read_channel(text, workspace.team, messages.setdefault(rest[0], {}))
            else:
                messages[place][rest[0]] = read_message(text)
        for slack in self._workspaces.by_id.values():
            slack.workspace.order_channels()

    def _of_channel(self, channel_id: str, ts: str | None, known: Collection[str]) -> Records:
        """The channel, the message that is meant, and those that came after the last known one."""
        channel = next(one for one in self._channels() if one.id == channel_id)
        found: dict[str, str | None] = {_channel_key(channel): channel_json(channel)}
        for newer, message in reversed(channel.messages.items()):
            if (key := _message_key(channel, newer)) in known:
                break
            found[key] = message_json(message)
        if ts is not None:
            meant = channel.messages.get(ts)
            found[f"message/{channel_id}/{ts}"] = message_json(meant) if meant else None
        return found

    def _channels(self) -> Iterator[Channel]:
        for slack in self._workspaces.by_id.values():
            yield from slack.workspace.channels.values()


def _app_key(slack: Slack) -> str:
    return f"app/{slack.team.id}"


def _channel_key(channel: Channel) -> str:
    return f"channel/{channel.team.id}/{channel.id}"


def _message_key(channel: Channel, ts: str) -> str:
    return f"message/{channel.id}/{ts}"
