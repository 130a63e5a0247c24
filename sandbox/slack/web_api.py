"""Slack's Web API as a provider: who calls, with which scopes, how often, and which method answers."""

import json
from typing import Any

from starlette.requests import Request

from sandbox.provider import Reply
from sandbox.slack.args import Args, read_args
from sandbox.slack.context import METHODS, Call, Caller, Slack
from sandbox.slack.errors import RateLimited, SlackError
from sandbox.world import APP_TOKEN, BOT_TOKEN


class WebApi:
    name = "slack"

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def method(self, request: Request) -> str:
        return str(request.path_params["path"])

    async def answer(self, request: Request, body: bytes) -> Reply:
        headers = {"x-oauth-scopes": ",".join(sorted(self._slack.installation.scopes))}
        try:
            args = read_args(request.query_params, request.headers.get("content-type", ""), body)
            call = Call(self._slack, self.method(request), args)
            answered = self._call(call, request)
        except RateLimited as refused:
            return Reply(refused.body(), status=429, headers={**headers, "Retry-After": str(refused.seconds)})
        except SlackError as refused:
            return Reply(refused.body(), headers=headers)
        if call.effect is not None:
            self._slack.workspace.version += 1
        return Reply({"ok": True, **answered}, effect=call.effect, headers=headers)

    def noted(self, request: Request, body: bytes) -> Any:
        try:
            given = read_args(request.query_params, request.headers.get("content-type", ""), body).given
        except SlackError:
            return body.decode(errors="replace")
        return {name: _opened(value) for name, value in given.items() if name != "token"}

    def _call(self, call: Call, request: Request) -> dict[str, Any]:
        found = METHODS.get(call.method)
        if found is None:
            raise SlackError("unknown_method", req_method=call.method)
        if found.by != "anybody":
            _authenticate(request, call.args, found.by)
        if found.by == "bot":
            call.scope(*found.scopes)
        if found.window is not None:
            self._slack.limits.pass_or_refuse(call.method, found.window)
        return found.handler(call)


def _authenticate(request: Request, args: Args, wanted: Caller) -> None:
    """An app-level token goes in the header alone (https://docs.slack.dev/reference/methods/apps.connections.open)."""
    header = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    token = header or (args.optional("token") if wanted == "bot" else None)
    if not token:
        raise SlackError("not_authed" if wanted == "bot" or not args.optional("token") else "missing_args")
    known = {BOT_TOKEN: "bot", APP_TOKEN: "app"}.get(token)
    if known is None:
        raise SlackError("invalid_auth")
    if known != wanted:
        raise SlackError("not_allowed_token_type")


def _opened(value: Any) -> Any:
    """JSON that came within a form, so that the ledger can be read."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
