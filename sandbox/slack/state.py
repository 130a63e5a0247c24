"""The workspace that everything shares: users, channels and their messages, modals and home tabs."""

import secrets
import string
import time
from dataclasses import dataclass, field
from typing import Any

from sandbox.world import Team

Json = dict[str, Any]
ALPHABET = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(10))


@dataclass
class User:
    id: str
    name: str
    real_name: str
    guest: bool = False
    bot: bool = False
    deleted: bool = False
    team: Team = field(kw_only=True)

    @property
    def email(self) -> str:
        return f"{self.name}@example.com"


@dataclass
class Message:
    """`shown_to` is set for an ephemeral message: the one user who sees it."""

    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    subtype: str | None = None
    from_bot: bool = False
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: str | None = None
    shown_to: str | None = None


@dataclass
class Channel:
    """`people` is set for a direct message: those who talk in it, the bot left out."""

    id: str
    name: str
    creator: str
    created: int
    members: list[str]
    private: bool = False
    archived: bool = False
    people: tuple[str, ...] = ()
    topic: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    messages: dict[str, Message] = field(default_factory=dict)
    pins: dict[str, Json] = field(default_factory=dict)
    bookmarks: list[Json] = field(default_factory=list)
    team: Team = field(kw_only=True)

    @property
    def direct(self) -> bool:
        return bool(self.people)

    def replies(self, ts: str) -> list[Message]:
        return [one for one in self.messages.values() if one.thread_ts == ts and one.ts != ts and not one.shown_to]


@dataclass
class UserGroup:
    """`disabled` is when it was, in seconds; 0 while it is in use."""

    id: str
    handle: str
    name: str
    users: list[str]
    created: int
    updated: int
    disabled: int = 0


@dataclass
class View:
    """A modal or a home tab; `shown` is what Slack returns for it, `stack` the modals that lie under it.

    `errors` are those that the app sent for its blocks, `trouble` what Slack itself tells the person.
    """

    user: str
    shown: Json
    team: Team
    stack: list[str] = field(default_factory=list)
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None


class Workspace:
    """One team's; our app has no place in it before it is installed."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.users = {one.id: User(one.id, one.name, one.real_name, guest=one.guest, team=team) for one in team.people}
        self.users["USLACKBOT"] = User("USLACKBOT", "slackbot", "Slackbot", team=team)
        self.channels: dict[str, Channel] = {}
        now = int(time.time())
        self.groups = {
            one.id: UserGroup(one.id, one.handle, one.name, list(one.users), created=now, updated=now)
            for one in team.groups
        }
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.version = time.time_ns()
        self._last_ts = 0
        everybody = [one.id for one in team.people]
        for channel_id, name in team.channels:
            channel = Channel(channel_id, name, everybody[0], int(time.time()), list(everybody), team=team)
            self.channels[channel_id] = channel

    def admit_bot(self, *, everywhere: bool) -> None:
        """`everywhere`: into every channel, as if people had invited it long ago."""
        bot = self.team.bot_user
        self.users[bot] = User(bot, "tocsin", "Tocsin", bot=True, team=self.team)
        for channel in self.channels.values() if everywhere else ():
            channel.members.append(bot)

    def dismiss_bot(self) -> None:
        """Deactivated and out of its channels (https://docs.slack.dev/reference/methods/auth.revoke)."""
        self.users[self.team.bot_user].deleted = True
        for channel in self.channels.values():
            channel.members = [one for one in channel.members if one != self.team.bot_user]

    def order_channels(self) -> None:
        """As they were made, after the channels that were there from the start."""
        first = [channel_id for channel_id, _ in self.team.channels]
        order = sorted(self.channels.values(), key=lambda one: (one.id not in first, one.created, one.id))
        self.channels = {one.id: one for one in order}
        last = max((ts for one in order for ts in one.messages), default="0.0")
        self._last_ts = int(last.replace(".", ""))

    def new_ts(self) -> str:
        """Unique and growing, as Slack's are."""
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def channel_named(self, name: str) -> Channel | None:
        return next((one for one in self.channels.values() if one.name == name and not one.direct), None)

    def direct_channel(self, people: tuple[str, ...]) -> Channel:
        """The conversation between the bot and these people, opened when it is new."""
        for channel in self.channels.values():
            if set(channel.people) == set(people):
                return channel
        bot = self.team.bot_user
        name = "mpdm-" + "--".join(people) if len(people) > 1 else people[0]
        channel_id = new_id("D" if len(people) == 1 else "G")
        self.channels[channel_id] = Channel(
            channel_id, name.lower(), bot, int(time.time()), [*people, bot], private=True, people=people, team=self.team
        )
        return self.channels[channel_id]
