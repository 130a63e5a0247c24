"""The control API of Slack: each route is something that a person does, and answers what the app said to it."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.reading import read_json
from sandbox.slack import acts_on_messages, acts_on_sockets, acts_on_views
from sandbox.slack.commanding import command
from sandbox.slack.context import Slack
from sandbox.slack.shown import shown_state
from sandbox.slack.state import Json

Act = Callable[[Slack, Json], Awaitable[dict[str, Any]]]

ACTS: dict[str, Act] = {
    "command": command,
    "message": acts_on_messages.message,
    "react": acts_on_messages.react,
    "click": acts_on_messages.click,
    "shortcut": acts_on_messages.shortcut,
    "submit": acts_on_views.submit,
    "close": acts_on_views.close,
    "home": acts_on_views.home,
    "disconnect": acts_on_sockets.disconnect,
    "socket_mode": acts_on_sockets.socket_mode,
    "redeliver": acts_on_sockets.redeliver,
}


def routes(slack: Slack) -> list[Route]:
    async def state(request: Request) -> Response:
        """`version` is that of the last answer: an unchanged workspace is then told in two words."""
        if request.query_params.get("version") == str(slack.workspace.version):
            return JSONResponse({"version": str(slack.workspace.version), "unchanged": True})
        return JSONResponse(shown_state(slack.workspace))

    async def connections(request: Request) -> Response:
        return JSONResponse(acts_on_sockets.connections(slack))

    acts = [Route(f"/control/slack/{name}", _route(slack, act), methods=["POST"]) for name, act in ACTS.items()]
    return [
        *acts,
        Route("/control/slack/state", state),
        Route("/control/slack/connections", connections),
    ]


def _route(slack: Slack, act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        asked = await read_json(request)
        try:
            return JSONResponse({"ok": True, **await act(slack, asked)})
        finally:
            slack.workspace.version += 1

    return route
