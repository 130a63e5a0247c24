"""`/slack/oauth/v2/authorize`: a person sees what our app asks for, and allows or declines it.

Source: https://docs.slack.dev/authentication/installing-with-oauth
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request

from sandbox.provider import Reply
from sandbox.slack.manifest import SCOPES
from sandbox.slack.oauth_page import asking_page, refusing_page
from sandbox.slack.workspaces import Slack, Workspaces
from sandbox.world import CLIENT_ID

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Unfit(Exception):
    """Slack shows this to the person and does not send them back."""


class OAuthDoor:
    name = "slack"

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def method(self, request: Request) -> str:
        return f"oauth/{request.path_params['path']}"

    def noted(self, request: Request, body: bytes) -> Any:
        return {**request.query_params, **_form(body)}

    async def answer(self, request: Request, body: bytes) -> Reply:
        asked = dict(request.query_params)
        try:
            back, scopes = self._checked(request.path_params["path"], asked)
            if request.method == "GET":
                return _page(asking_page(asked, scopes, [one.team for one in self._workspaces.by_id.values()]))
            return self._decided(asked, _form(body), back, scopes)
        except Unfit as unfit:
            return _page(refusing_page(str(unfit)), status=400)

    def _checked(self, path: str, asked: Mapping[str, str]) -> tuple[str, frozenset[str]]:
        """Where the person goes afterwards, and the scopes. Raises: Unfit."""
        if path != "v2/authorize":
            raise Unfit("unknown_address")
        if asked.get("client_id") != CLIENT_ID:
            raise Unfit("invalid_client_id")
        scopes = frozenset(one for one in asked.get("scope", "").replace(" ", ",").split(",") if one)
        if not scopes:
            raise Unfit("no_scopes")
        unknown = scopes - frozenset(SCOPES) - self._workspaces.declared.scopes
        if unknown or asked.get("user_scope"):
            raise Unfit(f"invalid_scope: {', '.join(sorted(unknown)) or asked['user_scope']}")
        allowed = self._workspaces.declared.redirects
        back = asked.get("redirect_uri") or next(iter(allowed), f"{self._workspaces.sandbox.product}/slack/oauth")
        if not (any(back.startswith(one) for one in allowed) if allowed else urlsplit(back).hostname in LOOPBACK):
            raise Unfit("bad_redirect_uri")
        return back, scopes

    def _decided(self, asked: Mapping[str, str], form: Mapping[str, str], back: str, scopes: frozenset[str]) -> Reply:
        state = {"state": asked.get("state", "")}
        if form.get("decision") != "allow":
            return _sent_back(back, {"error": "access_denied", **state}, None)
        slack = self._workspaces.by_id.get(form.get("team") or asked.get("team") or "") or self._workspaces.default
        user = _installer(slack, form.get("user", ""))
        code = self._workspaces.codes.make(slack.team.id, user, scopes, asked.get("redirect_uri"))
        return _sent_back(back, {"code": code, **state}, {"team": slack.team.id, "allowed_by": user})


def _installer(slack: Slack, asked: str) -> str:
    """Guests may not. Raises: Unfit."""
    user = slack.workspace.users.get(asked or slack.team.people[0].id)
    if user is None or user.guest or user.bot:
        raise Unfit("not_allowed: ask an administrator of the workspace")
    return user.id


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(errors="replace")))


def _page(html: str, status: int = 200) -> Reply:
    return Reply(html.encode(), status=status, media_type="text/html; charset=utf-8")


def _sent_back(back: str, query: Mapping[str, str], effect: Any) -> Reply:
    joint = "&" if "?" in back else "?"
    headers = {"Location": f"{back}{joint}{urlencode(query)}"}
    return Reply(b"", status=302, headers=headers, media_type="text/plain", effect=effect)
