"""One Slack: its workspace, who may call it and how often, and its ways to the app."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.core import Sandbox
from sandbox.slack.args import Args
from sandbox.slack.delivery import Delivery
from sandbox.slack.errors import SlackError
from sandbox.slack.events import Events
from sandbox.slack.limits import Limits, Window
from sandbox.slack.manifest import Installation, read_installation
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.sockets import Sockets
from sandbox.slack.state import Channel, Json, Message, User, Workspace
from sandbox.slack.triggers import Triggers
from sandbox.world import BOT_USER


class Slack:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.installation: Installation = read_installation(sandbox.manifest)
        self.sockets = Sockets(sandbox.address, switch=sandbox.socket_mode or self.installation.socket_mode or None)
        self.delivery = Delivery(sandbox, self.sockets)
        self.reset()

    def reset(self) -> None:
        self.sockets.reset()
        self.workspace = Workspace()
        self.limits = Limits()
        self.triggers = Triggers()
        self.response_urls = ResponseUrls(self.sandbox.address)
        self.events = Events(self.sandbox, self.workspace, self.installation, self.delivery)


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

    def scope(self, *any_of: str) -> None:
        """Raises: SlackError, unless the token has one of these scopes."""
        provided = self.slack.installation.scopes
        if any_of and not provided.intersection(any_of):
            raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(provided)))

    def channel(self, name: str = "channel") -> Channel:
        """The channel by its id; one that is private and without the bot does not exist for it."""
        channel = self.workspace.channels.get(self.args.text(name))
        if channel is None or (channel.private and BOT_USER not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def joined(self, name: str = "channel") -> Channel:
        channel = self.channel(name)
        if BOT_USER not in channel.members:
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
