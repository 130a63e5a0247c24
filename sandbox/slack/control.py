"""The control API of Slack: each route is something that a person does, and answers what the app said to it."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.reading import Refused, read_json
from sandbox.slack import acts_on_apps, acts_on_groups, acts_on_messages, acts_on_sockets, acts_on_views
from sandbox.slack.commanding import command
from sandbox.slack.shown import shown_state
from sandbox.slack.state import Json
from sandbox.slack.workspaces import Slack, Workspaces

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
    "group": acts_on_groups.group,
    "uninstall": acts_on_apps.uninstall,
    "expire_codes": acts_on_apps.expire_codes,
}

OF_THE_APP = ("command", "click", "shortcut", "submit", "close", "home")


def routes(workspaces: Workspaces) -> list[Route]:
    async def state(request: Request) -> Response:
        """`version` is that of the last answer: an unchanged workspace is then told in two words."""
        slack = _workspace(workspaces, request.query_params.get("team"))
        if request.query_params.get("version") == str(slack.workspace.version):
            return JSONResponse({"version": str(slack.workspace.version), "unchanged": True})
        return JSONResponse(shown_state(slack.workspace))

    async def connections(request: Request) -> Response:
        return JSONResponse(acts_on_sockets.connections(workspaces.default))

    acts = [
        Route(f"/control/slack/{name}", _route(workspaces, name, act), methods=["POST"]) for name, act in ACTS.items()
    ]
    return [
        *acts,
        Route("/control/slack/state", state),
        Route("/control/slack/connections", connections),
    ]


def _route(workspaces: Workspaces, name: str, act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        asked = await read_json(request)
        slack = _workspace(workspaces, asked.get("team"))
        if slack.token is None and name in OF_THE_APP:
            raise Refused(f"our app is not installed in {slack.team.name}", 404)
        try:
            return JSONResponse({"ok": True, **await act(slack, asked)})
        finally:
            slack.workspace.version += 1

    return route


def _workspace(workspaces: Workspaces, team: object) -> Slack:
    """By id or name; the default one when none is asked for."""
    if team is None:
        return workspaces.default
    for slack in workspaces.by_id.values():
        if team in (slack.team.id, slack.team.name):
            return slack
    raise Refused(f"there is no team {team!r}", 404)
