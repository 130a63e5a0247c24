"""The way to an app with a request URL: signed requests, answered within 3 s."""

import asyncio
import json
from urllib.parse import urlencode

import httpx

from sandbox.core import Sandbox
from sandbox.slack.parcel import COMMAND, EVENT, Answer, Parcel
from sandbox.slack.signing import signed_headers

ANSWER_SECONDS = 3.0
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


async def over_http(sandbox: Sandbox, parcel: Parcel) -> Answer:
    body, kind = _body(parcel)
    sent = {**_retry(parcel), **signed_headers(body), "Content-Type": kind, "User-Agent": "Slackbot 1.0 (sandbox)"}
    url = f"{sandbox.product}/slack/events"
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            response = await sandbox.http.post(url, content=body, headers=sent)
    except (TimeoutError, httpx.TimeoutException):
        return Answer(parcel.method, None, failure="http_timeout")
    except httpx.HTTPError:
        return Answer(parcel.method, None, failure="connection_failed")
    return Answer(
        parcel.method,
        response.status_code,
        response.text,
        None if response.is_success else "http_error",
        response.headers.get("x-slack-no-retry") == "1",
    )


def _body(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind == EVENT:
        return json.dumps(parcel.payload).encode(), JSON
    fields = parcel.payload if parcel.kind == COMMAND else {"payload": json.dumps(parcel.payload)}
    return urlencode(fields).encode(), FORM


def _retry(parcel: Parcel) -> dict[str, str]:
    if not parcel.retry:
        return {}
    return {"X-Slack-Retry-Num": str(parcel.retry), "X-Slack-Retry-Reason": parcel.reason}
