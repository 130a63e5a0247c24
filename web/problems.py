"""Every error leaves as problem details (RFC 9457): which field, what is wrong, what to do."""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from apiflask import APIFlask, HTTPError
from flask import Response, g
from werkzeug.exceptions import HTTPException

from incidents.errors import IncidentError, NotAllowed, NotFound, TemporaryError
from incidents.store import DATABASE_AWAY
from web.refusal import Refusal

PROBLEM_JSON = "application/problem+json"
COME_BACK = {"Retry-After": "5"}
WHOLE = "_schema"
"""APIFlask's name for a body that is wrong as a whole."""

ADVICE = {
    404: "There is nothing at this address. GET /api/openapi.json lists what there is.",
    405: "This address does not take that method. GET /api/openapi.json lists what it takes.",
    413: "The body is too large; 1 MB is the most. Shorten it, or send a link instead of the text.",
    500: "Something broke here. It is in the log under this request_id; trying again may help.",
}

log = structlog.get_logger(__name__)


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, more: Mapping[str, Any] | None = None
) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": g.get("request_id"),
        **(more or {}),
    }
    return Response(json.dumps(body), status, headers=dict(headers or {}), content_type=PROBLEM_JSON)


def tell_problems(application: APIFlask) -> None:
    """Register the handlers."""
    application.register_error_handler(Refusal, _refused)
    application.register_error_handler(HTTPError, _invalid)
    application.register_error_handler(HTTPException, _http)
    application.register_error_handler(NotFound, _not_found)
    application.register_error_handler(NotAllowed, lambda error: problem(403, str(error)))
    application.register_error_handler(IncidentError, lambda error: problem(422, str(error)))
    application.register_error_handler(TemporaryError, _temporary)
    for away in DATABASE_AWAY:
        application.register_error_handler(away, _database_away)


def _not_found(error: NotFound) -> Response:
    return problem(404, f"{error} {error.look}")


def _refused(error: Refusal) -> Response:
    return problem(error.status, error.detail, headers=error.headers, more=error.more)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(status=status, headers=error.get_headers())
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return problem(status, ADVICE.get(status, error.description or error.name), headers=kept)


def _invalid(error: HTTPError) -> Response:
    """What Pydantic found wrong, field by field."""
    errors = list(_fields(error.detail))
    told = " ".join(f"{each['field']}: {each['problem']}." for each in errors[:5]) or error.message
    return problem(
        error.status_code, told or "Something in the request is wrong.", more={"errors": errors} if errors else None
    )


def _fields(detail: Any) -> Iterator[dict[str, str]]:
    for location, fields in (detail if isinstance(detail, dict) else {}).items():
        for field, messages in fields.items():
            name = "body" if field == WHOLE else field
            for message in messages:
                text = "Send a JSON object" if field == WHOLE and "valid dictionary" in message else message
                yield {"in": location, "field": name, "problem": text.removeprefix("Value error, ").rstrip(".")}


def _temporary(error: TemporaryError) -> Response:
    log.warning("provider_away", reason=str(error))
    return problem(503, f"Temporarily unavailable: {error}. Try again in a few seconds.", headers=COME_BACK)


def _database_away(error: Exception) -> Response:
    log.error("database_away", reason=str(error).splitlines()[0])
    detail = "The database cannot be reached, so nothing was accepted. Try again in a few seconds."
    return problem(503, detail, headers=COME_BACK)
