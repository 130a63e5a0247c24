"""One Web API call: who asks, for what, and what they may; and the table of methods."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.slack.args import Args
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import Window
from sandbox.slack.state import Channel, Json, Message, User, Workspace
from sandbox.slack.workspaces import Slack


@dataclass
class Call:
    """One Web API call by the bot. What it changes is named in `effect`."""

    slack: Slack
    method: str
    args: Args
    effect: Json | None = None
    extra: Json = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        return self.slack.workspace

    @property
    def bot(self) -> str:
        """Our app's own user."""
        return self.slack.team.bot_user

    def scope(self, *any_of: str) -> None:
        """Raises: SlackError, unless the token has one of these scopes."""
        provided = self.slack.installation.scopes
        if any_of and not provided.intersection(any_of):
            raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(provided)))

    def channel(self, name: str = "channel") -> Channel:
        """The channel by its id; one that is private and without the bot does not exist for it."""
        channel = self.workspace.channels.get(self.args.text(name))
        if channel is None or (channel.private and self.bot not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def joined(self, name: str = "channel") -> Channel:
        channel = self.channel(name)
        if self.bot not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def open_joined(self, name: str = "channel") -> Channel:
        channel = self.joined(name)
        if channel.archived:
            raise SlackError("is_archived")
        return channel

    def user(self, user_id: str) -> User:
        user = self.workspace.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        return user

    def message(self, channel: Channel, ts: str, otherwise: str = "message_not_found") -> Message:
        message = channel.messages.get(ts)
        if message is None or message.shown_to:
            raise SlackError(otherwise)
        return message


Handler = Callable[[Call], dict[str, Any]]
Caller = Literal["bot", "app", "anybody"]


@dataclass(frozen=True)
class Method:
    """`scopes`: the token needs one of them. `window` None: the handler counts by itself.

    `by` is whose token it takes.
    """

    handler: Handler
    scopes: tuple[str, ...]
    window: Window | None
    by: Caller


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, window: Window | None, by: Caller = "bot") -> Callable[[Handler], Handler]:
    """Registers a Web API method under its name."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, scopes, window, by)
        return handler

    return register
