"""The Slack stand-in: what it serves, and its way back to the default world."""

from collections.abc import Mapping, Sequence

from starlette.routing import BaseRoute, WebSocketRoute

from sandbox.core import Sandbox, StandIn
from sandbox.provider import Provider
from sandbox.slack import (  # noqa: F401 - importing a module of methods registers them.
    api_apps,
    api_channels,
    api_chat,
    api_history,
    api_members,
    api_people,
    api_pins,
    api_reactions,
    api_views,
)
from sandbox.slack.context import Slack
from sandbox.slack.control import routes
from sandbox.slack.response_door import ResponseDoor
from sandbox.slack.socket_door import SocketDoor
from sandbox.slack.web_api import WebApi


class SlackStandIn:
    def __init__(self, sandbox: Sandbox) -> None:
        self._slack = Slack(sandbox)

    @property
    def mounts(self) -> Mapping[str, Provider]:
        return {"/slack/api": WebApi(self._slack), "/slack/response": ResponseDoor(self._slack)}

    def control_routes(self) -> Sequence[BaseRoute]:
        socket = WebSocketRoute("/slack/socket/", SocketDoor(self._slack.sockets).serve)
        return [socket, *routes(self._slack)]

    def reset(self) -> None:
        self._slack.reset()

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None


def build(sandbox: Sandbox) -> StandIn:
    return SlackStandIn(sandbox)
