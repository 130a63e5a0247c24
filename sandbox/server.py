"""The sandbox's one HTTP server: every provider behind its desk, the control API, the ledger and the page."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import control, product_door
from sandbox.core import Sandbox
from sandbox.keeping import KeptBeforeReply
from sandbox.product_door import ProductApi
from sandbox.provider import Desk
from sandbox.reading import Refused, refused
from sandbox.stand_ins import build_all

PAGE = Path(__file__).parent / "page"
# A message may show any picture, as in Slack; everything else is ours.
POLICY = "default-src 'self'; img-src *; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


def build_app(sandbox: Sandbox, product_api: ProductApi) -> Starlette:
    stand_ins = build_all(sandbox)
    routes: list[BaseRoute] = [
        Route(f"{prefix}/{{path:path}}", Desk(provider, sandbox.state, sandbox.ledger, sandbox.faults))
        for stand_in in stand_ins
        for prefix, provider in stand_in.mounts.items()
    ]
    routes += [*control.routes(sandbox, stand_ins), product_door.route(sandbox, product_api)]
    for stand_in in stand_ins:
        routes += stand_in.control_routes()
    routes += [Route("/", _page), Route("/archives/{place:path}", _page), Mount("/page", StaticFiles(directory=PAGE))]

    def begin_anew() -> None:
        for stand_in in stand_ins:
            stand_in.reset()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        sandbox.state.open(begin_anew)
        for stand_in in stand_ins:
            await stand_in.start()
        sys.stdout.write(f"sandbox ready on {sandbox.address}, talking to {sandbox.product}\n")
        sys.stdout.flush()
        yield
        sandbox.stop_background()
        for stand_in in stand_ins:
            await stand_in.stop()
        sandbox.state.close()
        await sandbox.http.aclose()

    kept = Middleware(KeptBeforeReply, state=sandbox.state)
    return Starlette(routes=routes, middleware=[kept], lifespan=lifespan, exception_handlers={Refused: refused})


async def _page(request: Request) -> Response:
    return FileResponse(PAGE / "index.html", headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})


def fail(why: str) -> int:
    sys.stderr.write(f"sandbox: {why}\n")
    return 1
