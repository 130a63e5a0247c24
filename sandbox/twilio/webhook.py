"""Requests to the product: signed, limited to 15 s, repeated once when the connection fails, written to the ledger."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

import httpx

from sandbox.core import Sandbox
from sandbox.twilio.overrides import LONGEST, Overrides, split
from sandbox.twilio.signing import signature
from sandbox.world import AUTH_TOKEN

LOST = frozenset({"reset", "silence", "500", "503", "429"})
NOTED_BODY = 2000
FOLLOWED = frozenset({301, 302, 303, 307})
MOST_REDIRECTS = 10
"""https://www.twilio.com/docs/api/errors/11215 and https://www.twilio.com/docs/api/errors/11216"""


@dataclass(frozen=True)
class Heard:
    """The product's answer; `status` 0 with `failure` "ct" or "rt" when there was none. A redirect that is still here
    led nowhere (no `location`) or too far."""

    status: int
    body: str = ""
    media_type: str = ""
    failure: str = ""
    location: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def kind(self) -> str:
        return self.failure or f"{self.status // 100}xx"


class Webhook:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def send(self, address: str, method: str, parameters: Mapping[str, str]) -> Heard:
        """Never raises; every attempt is an entry in the ledger. What it tells of is kept first."""
        self._sandbox.state.keep("twilio")
        url, overrides = split(address)
        token = str(uuid4())
        heard = Heard(0, failure="ct")
        try:
            async with asyncio.timeout(LONGEST):
                for attempt in range(overrides.repeats + 1):
                    heard = await self._once(url, method, parameters, token, attempt, overrides)
                    if heard.ok or not overrides.repeats_on(heard.kind()):
                        break
        except TimeoutError:
            heard = Heard(0, failure="rt")
            self._note(url, method, parameters, heard, 0, None)
        return heard

    async def _once(
        self, url: str, method: str, parameters: Mapping[str, str], token: str, attempt: int, overrides: Overrides
    ) -> Heard:
        fault = self._fault(url, method)
        if fault in LOST:
            heard = Heard(0, failure="rt" if fault == "silence" else "ct")
        else:
            if fault == "delay":
                await asyncio.sleep(3)
            heard = await self._follow(url, method, parameters, token, overrides)
            if fault in ("reset-after", "silence-after", "500-after", "garbage"):
                heard = Heard(0, failure="ct")
        self._note(url, method, parameters, heard, attempt, fault)
        return heard

    async def _follow(
        self, url: str, method: str, parameters: Mapping[str, str], token: str, overrides: Overrides
    ) -> Heard:
        """Through redirects; every address is signed for itself, and only a 307 repeats the form."""
        heard = await self._exchange(self._request(url, method, parameters, token, overrides))
        for _ in range(MOST_REDIRECTS):
            if heard.status not in FOLLOWED or not heard.location:
                break
            url = urljoin(url, heard.location)
            if heard.status != 307:
                method, parameters = "GET", {}
            heard = await self._exchange(self._request(url, method, parameters, token, overrides))
        return heard

    def _request(
        self, url: str, method: str, parameters: Mapping[str, str], token: str, overrides: Overrides
    ) -> httpx.Request:
        form = dict(parameters) if method == "POST" else {}
        if method == "GET" and parameters:
            url = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(parameters)}"
        timeout = httpx.Timeout(overrides.read_seconds, connect=overrides.connect_seconds)
        headers = {"I-Twilio-Idempotency-Token": token, "User-Agent": "TwilioProxy/1.1", "Accept": "*/*"}
        request = self._sandbox.http.build_request(method, url, data=form or None, headers=headers, timeout=timeout)
        request.headers["X-Twilio-Signature"] = signature(str(request.url), form, AUTH_TOKEN)
        return request

    async def _exchange(self, request: httpx.Request) -> Heard:
        try:
            answer = await self._sandbox.http.send(request)
        except (httpx.ReadTimeout, httpx.WriteTimeout):
            return Heard(0, failure="rt")
        except httpx.TransportError:
            return Heard(0, failure="ct")
        media_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
        return Heard(answer.status_code, answer.text, media_type, location=answer.headers.get("location", ""))

    def _fault(self, url: str, method: str) -> str | None:
        """Only a fault that names this request; `*` means the requests that Twilio gets."""
        name = _name(url, method)
        if any(fault.provider == "twilio" and fault.method == name for fault in self._sandbox.faults.waiting()):
            return self._sandbox.faults.take("twilio", name)
        return None

    def _note(
        self,
        url: str,
        method: str,
        parameters: Mapping[str, str],
        heard: Heard,
        attempt: int,
        fault: str | None,
    ) -> None:
        response: dict[str, Any] = {"status": heard.status, "body": heard.body[:NOTED_BODY]}
        if heard.failure:
            response["failure"] = {"ct": "connection failed", "rt": "no answer in time"}[heard.failure]
        if fault:
            response["fault"] = fault
        request = {"url": url, "parameters": dict(parameters), "attempt": attempt + 1}
        self._sandbox.ledger.write(provider="twilio", method=_name(url, method), request=request, response=response)


def _name(url: str, method: str) -> str:
    return f"{method} {{product}} {urlsplit(url).path}"
