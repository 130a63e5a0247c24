"""How an installation, a channel and a message are written down as JSON, and read again."""

import json
from dataclasses import asdict

from pydantic import TypeAdapter

from sandbox.slack.state import Channel, Json, Message, User, UserGroup
from sandbox.slack.workspaces import Slack
from sandbox.world import Team

_CHANNEL, _MESSAGE = TypeAdapter(Channel), TypeAdapter(Message)
_OF_USER = ("id", "name", "real_name", "guest", "bot", "deleted")


def installation_json(slack: Slack) -> str:
    """Our app's token and scopes, the tokens that no longer hold, who is there, and their groups."""
    users = [{name: getattr(user, name) for name in _OF_USER} for user in slack.workspace.users.values()]
    revoked, scopes = sorted(slack.workspaces.revoked), sorted(slack.installation.scopes)
    groups = [asdict(group) for group in slack.workspace.groups.values()]
    told = {"token": slack.token, "scopes": scopes, "revoked": revoked, "users": users, "groups": groups}
    return json.dumps(told)


def read_installation(slack: Slack, text: str) -> None:
    """The app that is installed from the start has the manifest's scopes, also when the manifest was changed."""
    kept: Json = json.loads(text)
    if kept["token"] != slack.team.token:
        slack.installation.scopes = frozenset(kept["scopes"])
    slack.token = kept["token"]
    slack.workspaces.revoked |= set(kept["revoked"])
    groups = {group["id"]: UserGroup(**group) for group in kept.get("groups", [])}
    slack.workspace.groups |= groups
    slack.workspace.users |= {user["id"]: User(**user, team=slack.team) for user in kept["users"]}


def channel_json(channel: Channel) -> str:
    return _CHANNEL.dump_json(channel, exclude={"messages", "team"}).decode()


def read_channel(text: str, team: Team, messages: dict[str, Message]) -> Channel:
    """`messages` are its own, and may come later."""
    channel = _CHANNEL.validate_python({**json.loads(text), "team": team})
    channel.messages = messages
    return channel


def message_json(message: Message) -> str:
    return _MESSAGE.dump_json(message, exclude_defaults=True).decode()


def read_message(text: str) -> Message:
    return _MESSAGE.validate_json(text)
