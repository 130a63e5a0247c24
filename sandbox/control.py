"""The control API that belongs to no provider: the ledger, faults, reset, health."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.core import Sandbox, StandIn
from sandbox.faults import KINDS, Fault
from sandbox.reading import Refused, number, read_json, text

PROVIDERS = ("slack", "twilio", "jira", "speech", "model", "mail")


def routes(sandbox: Sandbox, stand_ins: Sequence[StandIn]) -> list[BaseRoute]:
    async def health(request: Request) -> Response:
        ports = {"speech_port": sandbox.speech_port, "mail_port": sandbox.mail_port}
        return JSONResponse({"status": "ok", "product": sandbox.product, **ports})

    async def ledger(request: Request) -> Response:
        """`after` is the last `seq` that is known already; `last` limits the answer to the newest so many."""
        query = request.query_params
        after, last = number(query.get("after", "0"), "after"), number(query.get("last", "0"), "last")
        return _json_lines(sandbox.ledger.after(after, last=last))

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            sandbox.faults.clear()
        if request.method == "POST":
            asked = await read_json(request)
            provider = text(asked, "provider")
            if provider not in PROVIDERS:
                raise Refused(f"unknown provider {provider!r}; it is one of {', '.join(PROVIDERS)}")
            times = number(asked.get("times", 1), "times")
            try:
                sandbox.faults.add(Fault(provider, text(asked, "method", "*"), text(asked, "kind"), times))
            except ValueError as error:
                raise Refused(str(error)) from error
        return JSONResponse({"waiting": [vars(fault) for fault in sandbox.faults.waiting()], "kinds": KINDS})

    async def reset(request: Request) -> Response:
        sandbox.stop_background()
        sandbox.faults.clear()
        for stand_in in stand_ins:
            stand_in.reset()
        sandbox.state.clear()
        sandbox.ledger.clear()
        return JSONResponse({"ok": True})

    return [
        Route("/health", health),
        Route("/ledger", ledger),
        Route("/control/fault", faults, methods=["GET", "POST", "DELETE"]),
        Route("/control/reset", reset, methods=["POST"]),
    ]


def _json_lines(entries: list[str]) -> Response:
    """A JSON list with one entry a line, for people who look at it with curl."""
    return Response("[" + ",\n".join(entries) + "]", media_type="application/json")
