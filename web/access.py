"""Each request has an id, in the log and in the answer, and leaves one line that says how it went."""

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request

HEADER = "X-Request-ID"
POLLED = frozenset({"/api/health", "/api/health/deep", "/metrics"})
"""Asked every few seconds by machines; their lines would bury the others."""
SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger(__name__)


def keep_access_log(application: Flask) -> None:
    application.before_request(_begin)
    application.after_request(_end)
    application.teardown_request(lambda _: structlog.contextvars.clear_contextvars())


def route() -> str:
    """The address as a pattern: what stands in its place (tokens, ids) is not for logs and metrics."""
    return request.url_rule.rule if request.url_rule is not None else "unknown"


def seconds() -> float:
    """How long the present request has taken so far."""
    began: float = g.get("began", time.perf_counter())
    return time.perf_counter() - began


def _begin() -> None:
    g.began = time.perf_counter()
    given = request.headers.get(HEADER, "")
    g.request_id = given if SANE.fullmatch(given) else uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    polled = route() in POLLED and response.status_code < 400
    (log.debug if polled else log.info)(
        "answered",
        method=request.method,
        route=route(),
        status=response.status_code,
        milliseconds=round(seconds() * 1000, 1),
    )
    return response
