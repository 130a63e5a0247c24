"""Where the app posts its later answers: `/slack/response/…`, each address good for five of them."""

import json
from typing import Any

from starlette.requests import Request

from sandbox.provider import Reply
from sandbox.slack.answering import apply_answer
from sandbox.slack.errors import SlackError
from sandbox.slack.workspaces import Workspaces


class ResponseDoor:
    name = "slack"

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def method(self, request: Request) -> str:
        return "response_url"

    async def answer(self, request: Request, body: bytes) -> Reply:
        try:
            path = request.path_params["path"]
            slack = self._workspaces.of_path(path)
            place = slack.response_urls.use(path)
            effect = apply_answer(slack, place, _read(body))
        except SlackError as refused:
            return Reply(refused.body(), status=404 if refused.code.endswith("_url") else 400)
        return Reply(b"ok", effect=effect, media_type="text/html")

    def noted(self, request: Request, body: bytes) -> Any:
        try:
            return _read(body)
        except SlackError:
            return body.decode(errors="replace")


def _read(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
    except ValueError as error:
        raise SlackError("invalid_payload") from error
    if not isinstance(sent, dict):
        raise SlackError("invalid_payload")
    return sent
