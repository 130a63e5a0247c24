"""The Slack stand-in: what it serves, and its way back to the default world."""

from collections.abc import Mapping, Sequence

from starlette.routing import BaseRoute, WebSocketRoute

from sandbox.core import Sandbox, StandIn
from sandbox.provider import Provider
from sandbox.slack import (  # noqa: F401 - importing a module of methods registers them.
    api_apps,
    api_channels,
    api_chat,
    api_groups,
    api_history,
    api_members,
    api_oauth,
    api_people,
    api_pins,
    api_reactions,
    api_views,
)
from sandbox.slack.control import routes
from sandbox.slack.keeping import SlackState
from sandbox.slack.oauth_door import OAuthDoor
from sandbox.slack.response_door import ResponseDoor
from sandbox.slack.socket_door import SocketDoor
from sandbox.slack.web_api import WebApi
from sandbox.slack.workspaces import Workspaces


class SlackStandIn:
    def __init__(self, sandbox: Sandbox) -> None:
        self._workspaces = Workspaces(sandbox)
        sandbox.state.join("slack", SlackState(self._workspaces))

    @property
    def mounts(self) -> Mapping[str, Provider]:
        oauth = OAuthDoor(self._workspaces)
        return {
            "/slack/api": WebApi(self._workspaces),
            "/slack/response": ResponseDoor(self._workspaces),
            "/slack/oauth": oauth,
            "/oauth": oauth,
        }

    def control_routes(self) -> Sequence[BaseRoute]:
        socket = WebSocketRoute("/slack/socket/", SocketDoor(self._workspaces.sockets).serve)
        return [socket, *routes(self._workspaces)]

    def reset(self) -> None:
        self._workspaces.reset()

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None


def build(sandbox: Sandbox) -> StandIn:
    return SlackStandIn(sandbox)
