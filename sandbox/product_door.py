"""`/product/…`: the page reads and moves the product over the product's own REST, with a key that it never sees."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.core import Sandbox
from sandbox.same_origin import is_from_our_page

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SECONDS = 8.0
_NAME = r"[A-Za-z0-9._#%-]{1,80}"
OPEN = {
    "GET": re.compile(rf"api/v1/(incidents(/{_NAME}/(timeline|jobs))?|clock)"),
    "POST": re.compile(rf"api/v1/(incidents/{_NAME}/jobs/[0-9a-f-]{{36}}/retry|clock)"),
}
"""Nothing else is passed on: the page needs no more."""


@dataclass(frozen=True)
class ProductApi:
    """`address` without a slash at the end; `key_file` None: the page learns nothing of the product."""

    address: str
    key_file: Path | None = None

    def key(self) -> str | None:
        """Read anew each time, so that the key of a product that starts later is found."""
        if self.key_file is None:
            return None
        if given := os.environ.get("ADMIN_API_KEY", "").strip():
            return given
        try:
            return self.key_file.read_text().strip() or None
        except OSError:
            return None

    @property
    def is_local(self) -> bool:
        return urlsplit(self.address).hostname in LOOPBACK


def route(sandbox: Sandbox, api: ProductApi) -> Route:
    async def forward(request: Request) -> Response:
        path = request.path_params["path"]
        if not is_from_our_page(request, sandbox.port):
            return _no(403, "Only the sandbox's own page may ask here.")
        allowed = OPEN.get(request.method)
        if allowed is None or not allowed.fullmatch(path):
            return _no(404, "This is not passed on to the product.")
        if not api.is_local:
            return _no(503, "The product's REST is not on this machine, so its key is not sent there.")
        key = api.key()
        if key is None:
            return _no(503, "This sandbox has no key of a product. `make run` gives it one.")
        return await _ask(sandbox.http, request, f"{api.address}/{path}", key)

    return Route("/product/{path:path}", forward, methods=["GET", "POST"])


async def _ask(http: httpx.AsyncClient, request: Request, url: str, key: str) -> Response:
    try:
        answer = await http.request(
            request.method,
            url,
            params=list(request.query_params.multi_items()),
            content=await request.body(),
            headers={"X-API-Key": key, "Content-Type": "application/json"},
            timeout=SECONDS,
            follow_redirects=False,
        )
    except httpx.HTTPError:
        return _no(502, f"The product does not answer on {url.split('/api/')[0]}.")
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


def _no(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status_code=status)
