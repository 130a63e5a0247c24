"""How the control API reads what it is asked, and how it says no: 4xx with a sentence under `error`."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Refused(Exception):
    """Raise it anywhere below a control route; the server answers with `status` and the text."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


async def refused(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=error.status if isinstance(error, Refused) else 500)


async def read_json(request: Request) -> dict[str, Any]:
    """The body as a JSON object; an empty body is an empty object."""
    body = await request.body()
    if not body:
        return {}
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise Refused(f"the body is not JSON: {error}") from error
    if not isinstance(asked, dict):
        raise Refused("the body must be a JSON object")
    return asked


def text(asked: dict[str, Any], name: str, default: str | None = None) -> str:
    value = asked.get(name, default)
    if value is None:
        raise Refused(f"{name!r} is missing")
    if not isinstance(value, str):
        raise Refused(f"{name!r} must be a text")
    return value


def number(value: object, name: str) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise Refused(f"{name!r} must be a whole number, not {value!r}") from error
