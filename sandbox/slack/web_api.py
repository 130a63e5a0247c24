"""Slack's Web API as a provider: who calls, with which scopes, how often, and which method answers."""

import json
from base64 import b64decode
from typing import Any

from starlette.requests import Request

from sandbox.provider import Reply
from sandbox.slack.args import Args, read_args
from sandbox.slack.context import METHODS, Call, Caller, Method
from sandbox.slack.errors import RateLimited, SlackError
from sandbox.slack.workspaces import Slack, Workspaces
from sandbox.world import APP_TOKEN

SECRETS = ("token", "client_secret", "code")


class WebApi:
    name = "slack"

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def method(self, request: Request) -> str:
        return str(request.path_params["path"])

    async def answer(self, request: Request, body: bytes) -> Reply:
        headers: dict[str, str] = {}
        try:
            args = read_args(request.query_params, request.headers.get("content-type", ""), body)
            found = _found(self.method(request))
            call = Call(self._caller(request, args, found.by), self.method(request), args)
            if found.by == "bot":
                headers = {"x-oauth-scopes": ",".join(sorted(call.slack.installation.scopes))}
                call.scope(*found.scopes)
            if found.window is not None:
                call.slack.limits.pass_or_refuse(call.method, found.window)
            answered = found.handler(call)
        except RateLimited as refused:
            return Reply(refused.body(), status=429, headers={**headers, "Retry-After": str(refused.seconds)})
        except SlackError as refused:
            return Reply(refused.body(), headers=headers)
        if call.effect is not None:
            call.workspace.version += 1
        return Reply({"ok": True, **answered}, effect=call.effect, headers=headers)

    def noted(self, request: Request, body: bytes) -> Any:
        try:
            given = read_args(request.query_params, request.headers.get("content-type", ""), body).given
        except SlackError:
            return body.decode(errors="replace")
        return {name: _opened(value) for name, value in given.items() if name not in SECRETS}

    def _caller(self, request: Request, args: Args, wanted: Caller) -> Slack:
        """Whose workspace it is. Raises: SlackError.

        An app-level token goes in the header alone (https://docs.slack.dev/reference/methods/apps.connections.open);
        a client's id and secret may come there too (https://docs.slack.dev/reference/methods/oauth.v2.access).
        """
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if wanted == "anybody":
            if kind.lower() == "basic":
                args.given = {**args.given, **_client(given)}
            return self._workspaces.default
        token = given.strip() or (args.optional("token") if wanted == "bot" else None)
        if not token:
            raise SlackError("not_authed" if wanted == "bot" or not args.optional("token") else "missing_args")
        slack = self._workspaces.default if token == APP_TOKEN else self._workspaces.of_token(token)
        if (token == APP_TOKEN) != (wanted == "app"):
            raise SlackError("not_allowed_token_type")
        return slack


def _found(name: str) -> Method:
    found = METHODS.get(name)
    if found is None:
        raise SlackError("unknown_method", req_method=name)
    return found


def _client(basic: str) -> dict[str, str]:
    try:
        name, _, secret = b64decode(basic, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": name, "client_secret": secret}


def _opened(value: Any) -> Any:
    """JSON that came within a form, so that the ledger can be read."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
