"""Jira's REST API, versions 2 and 3: who asks, what for, and errors in Jira's form."""

import json
import re
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from sandbox.jira.asked import Asked
from sandbox.jira.refusal import JiraRefusal
from sandbox.provider import Reply
from sandbox.world import JIRA_TOKEN, JIRA_USER

_API = re.compile(r"rest/api/(2|3|latest)/(.*)")


@dataclass(frozen=True)
class Endpoint:
    """`named` is its path as the documentation writes it; what stands for `{…}` is handed to `run`."""

    verb: str
    named: str
    run: Callable[..., Reply]

    def match(self, verb: str, path: str) -> list[str] | None:
        found = re.fullmatch(re.sub(r"\{\w+\}", r"([^/]+)", self.named), path)
        return list(found.groups()) if found and verb == self.verb else None


class JiraRest:
    name = "jira"

    def __init__(self, address: str, endpoints: Sequence[Endpoint], page: Callable[[str], Reply | None]) -> None:
        """`page` answers the paths that are for people."""
        self._address = address
        self._endpoints = endpoints
        self._page = page

    def method(self, request: Request) -> str:
        version, path = _split(request)
        for endpoint in self._endpoints:
            if endpoint.match(request.method, path) is not None:
                return f"{endpoint.verb} /rest/api/{version}/{endpoint.named}"
        return f"{request.method} /{request.path_params['path']}"

    async def answer(self, request: Request, body: bytes) -> Reply:
        if (page := self._page(str(request.path_params["path"]))) is not None:
            return page
        try:
            version, path = _split(request)
            if path != "serverInfo":
                _authenticate(request)
            return self._answer(request, body, version, path)
        except JiraRefusal as refusal:
            headers = {"WWW-Authenticate": 'OAuth realm="sandbox"'} if refusal.status == 401 else {}
            return Reply(refusal.body(), refusal.status, headers=headers)

    def noted(self, request: Request, body: bytes) -> Any:
        try:
            read = json.loads(body) if body else None
        except ValueError:
            read = f"<{len(body)} bytes>"
        return {"path": request.url.path, "query": dict(request.query_params), "body": read}

    def _answer(self, request: Request, body: bytes, version: str, path: str) -> Reply:
        asked = Asked(
            base=f"{self._address}/rest/api/{version}",
            version="3" if version == "3" else "2",
            query=request.query_params,
            body=body,
        )
        for endpoint in self._endpoints:
            names = endpoint.match(request.method, path)
            if names is not None:
                return endpoint.run(asked, *names)
        if any(endpoint.match(endpoint.verb, path) is not None for endpoint in self._endpoints):
            raise JiraRefusal(405, "Method Not Allowed")
        raise JiraRefusal(404, f"The sandbox's Jira has no {request.method} /{request.path_params['path']}")


def _split(request: Request) -> tuple[str, str]:
    """The version as it was asked for, and the path behind it."""
    found = _API.fullmatch(str(request.path_params["path"]))
    return (found[1], found[2].rstrip("/")) if found else ("", str(request.path_params["path"]))


def _authenticate(request: Request) -> None:
    """https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        known = scheme.lower() == "basic" and b64decode(given, validate=True).decode() == f"{JIRA_USER}:{JIRA_TOKEN}"
    except ValueError:
        known = False
    if not known:
        raise JiraRefusal(401, "Client must be authenticated to access this resource.")
