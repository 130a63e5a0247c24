"""How the tests of the phone exchange read: TwiML that the product answers, a person with a handset, a REST client."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.integration.sandbox.receiver import Answered, Received, Receiver
from tests.integration.sandbox.running import RunningSandbox, Said

HOTLINE, BEA, CY, ANYBODY = "+12025550100", "+12025550111", "+12025550112", "+12025550199"
SID, TOKEN = "AC00000000000000000000000000000001", "sandbox-auth-token"


class _Elsewhere(TwilioHttpClient):  # type: ignore[misc]  # The SDK has no types.
    def __init__(self, address: str) -> None:
        super().__init__(timeout=20)
        self._address = address

    def request(self, method: str, url: str, *rest: Any, **more: Any) -> Any:
        return super().request(method, url.replace("https://api.twilio.com", self._address), *rest, **more)


def client(sandbox: RunningSandbox, token: str = TOKEN) -> Client:
    """Twilio's own SDK against the sandbox."""
    return Client(SID, token, http_client=_Elsewhere(f"{sandbox.address}/twilio"), environment={"TWILIO_EDGE": ""})


def form(received: Received) -> dict[str, str]:
    return dict(parse_qsl(received.body.decode(), keep_blank_values=True))


class Pages:
    """The product's TwiML by path; every request must be signed as Twilio's SDK expects."""

    def __init__(self, product: Receiver, pages: Mapping[str, str]) -> None:
        self._product = product
        self._pages = dict(pages)
        self.unsigned: list[str] = []
        product.rule = self._answer

    def _answer(self, received: Received) -> Answered:
        url = self._product.url + received.path
        sent = form(received) if received.method == "POST" else {}
        if not RequestValidator(TOKEN).validate(url, sent, received.headers.get("x-twilio-signature", "")):
            self.unsigned.append(received.path)
            return Answered(status=403)
        verbs = self._pages.get(urlsplit(received.path).path)
        if verbs is None:
            return Answered(media_type="text/xml")
        return Answered(f"<Response>{verbs}</Response>".encode(), media_type="text/xml")

    def sent_to(self, path: str) -> list[dict[str, str]]:
        return [form(one) for one in list(self._product.got) if urlsplit(one.path).path == path]

    def wait_for(self, path: str, **parameters: str) -> dict[str, str]:
        """The first request to this path with these parameters."""

        def fits(received: Received) -> bool:
            return urlsplit(received.path).path == path and parameters.items() <= form(received).items()

        return form(self._product.wait_for(fits))


class Phone:
    """A person's handset over the control API."""

    def __init__(self, sandbox: RunningSandbox, number: str) -> None:
        self._sandbox = sandbox
        self.number = number

    def shows(self) -> dict[str, Any]:
        return dict(self._sandbox.get(f"/control/phone/{self.number}"))

    def does(self, act: str, **body: Any) -> dict[str, Any]:
        return dict(self._sandbox.post(f"/control/phone/{self.number}/{act}", **body))

    def tries(self, act: str, **body: Any) -> Said:
        return self._sandbox.ask("POST", f"/control/phone/{self.number}/{act}", body)

    def calls_hotline(self) -> dict[str, Any]:
        return dict(self._sandbox.post("/control/phone/call", **{"from": self.number, "to": HOTLINE}))

    def heard(self) -> list[str]:
        return [line["text"] for line in self.shows()["said"] if line["who"] == "product"]

    def waits_until(self, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        return eventually(self.shows, true)

    def rings(self) -> dict[str, Any]:
        return self.waits_until(lambda shown: shown["state"] == "ringing")

    def is_idle(self) -> dict[str, Any]:
        return self.waits_until(lambda shown: shown["state"] == "idle")


def eventually(look: Callable[[], dict[str, Any]], true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Looks until it is true, for at most ten seconds."""
    ends = time.monotonic() + 10
    while not true(seen := look()):
        assert time.monotonic() < ends, seen
        time.sleep(0.03)
    return seen
