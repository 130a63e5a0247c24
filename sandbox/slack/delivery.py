"""How requests reach the app: signed, answered within 3 s, events repeated when they were not."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from sandbox.core import Sandbox
from sandbox.slack.signing import signed_headers

ANSWER_SECONDS = 3.0
RETRY_SECONDS = (0.5, 60.0, 300.0)
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    """`status` is None when there was none; `failure` is Slack's word for why, also for a status that is not 2xx."""

    method: str
    status: int | None
    body: str = ""
    failure: str | None = None
    no_retry: bool = False

    def shown(self) -> dict[str, Any]:
        return {"status": self.status, "body": _as_json(self.body), "failure": self.failure}


class Delivery:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def form(self, method: str, fields: dict[str, str], noted: Any) -> Answer:
        """A command or an interaction: sent once."""
        return await self._post(method, urlencode(fields).encode(), FORM, {}, noted)

    async def event(self, envelope: dict[str, Any]) -> Answer:
        """The first answer. Slack asks again at once, after a minute and after five, unless the app forbids it."""
        method = f"event {envelope['event']['type']}"
        body = json.dumps(envelope).encode()
        answer = await self._post(method, body, JSON, {}, envelope)
        if answer.failure and not answer.no_retry:
            self._sandbox.spawn(self._again(method, body, envelope, answer.failure))
        return answer

    async def _again(self, method: str, body: bytes, envelope: dict[str, Any], failure: str) -> None:
        for retry, seconds in enumerate(RETRY_SECONDS, start=1):
            await asyncio.sleep(seconds)
            headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": failure}
            answer = await self._post(method, body, JSON, headers, {**envelope, "retry": retry, "reason": failure})
            if answer.failure is None or answer.no_retry:
                return
            failure = answer.failure

    async def _post(self, method: str, body: bytes, kind: str, headers: dict[str, str], noted: Any) -> Answer:
        sent = {**headers, **signed_headers(body), "Content-Type": kind, "User-Agent": "Slackbot 1.0 (sandbox)"}
        url = f"{self._sandbox.product}/slack/events"
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                response = await self._sandbox.http.post(url, content=body, headers=sent)
            answer = Answer(
                method,
                response.status_code,
                response.text,
                None if response.is_success else "http_error",
                response.headers.get("x-slack-no-retry") == "1",
            )
        except (TimeoutError, httpx.TimeoutException):
            answer = Answer(method, None, failure="http_timeout")
        except httpx.HTTPError:
            answer = Answer(method, None, failure="connection_failed")
        self._sandbox.ledger.write(provider="slack", method=method, request=noted, response=answer.shown())
        return answer


def _as_json(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
