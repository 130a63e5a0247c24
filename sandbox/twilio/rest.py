"""Twilio's REST API: who asks, what for, and errors in Twilio's form."""

import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from sandbox.provider import Reply
from sandbox.twilio import rest_calls, rest_messages, rest_recordings
from sandbox.twilio.call import API_VERSION
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.form import Form
from sandbox.twilio.refusal import TwilioRefusal
from sandbox.world import ACCOUNT_SID, AUTH_TOKEN


@dataclass(frozen=True)
class Endpoint:
    """`named` is its path as the documentation writes it; each `{…Sid}` after the account is handed to `run`."""

    verb: str
    named: str
    run: Callable[..., Reply]

    def match(self, verb: str, path: str) -> list[str] | None:
        pattern = re.sub(r"\{\w+\}", r"([A-Z]{2}[0-9a-zA-Z]{32})", self.named.replace(".", r"\."))
        found = re.fullmatch(pattern, path)
        return list(found.groups()[1:]) if found and verb == self.verb else None


_CALL = "/Accounts/{Sid}/Calls/{CallSid}"
_RECORDING = "/Accounts/{Sid}/Recordings/{RecordingSid}"
ENDPOINTS = (
    Endpoint("POST", "/Accounts/{Sid}/Calls.json", rest_calls.place),
    Endpoint("GET", "/Accounts/{Sid}/Calls.json", rest_calls.list_calls),
    Endpoint("GET", f"{_CALL}.json", rest_calls.show),
    Endpoint("POST", f"{_CALL}.json", rest_calls.change),
    Endpoint("GET", f"{_CALL}/Recordings.json", rest_recordings.list_of_call),
    Endpoint("GET", "/Accounts/{Sid}/Recordings.json", rest_recordings.list_all),
    Endpoint("GET", f"{_RECORDING}.json", rest_recordings.show),
    Endpoint("DELETE", f"{_RECORDING}.json", rest_recordings.delete),
    Endpoint("GET", f"{_RECORDING}.wav", rest_recordings.download),
    Endpoint("GET", _RECORDING, rest_recordings.download),
    Endpoint("POST", "/Accounts/{Sid}/Messages.json", rest_messages.send),
    Endpoint("GET", "/Accounts/{Sid}/Messages.json", rest_messages.list_messages),
    Endpoint("GET", "/Accounts/{Sid}/Messages/{MessageSid}.json", rest_messages.show),
    Endpoint("GET", "/Accounts/{Sid}.json", lambda exchange, form: Reply(_account())),
)


class TwilioRest:
    name = "twilio"

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def method(self, request: Request) -> str:
        path = _path(request)
        for endpoint in ENDPOINTS:
            if endpoint.match(request.method, path) is not None:
                return f"{endpoint.verb} {endpoint.named}"
        return f"{request.method} {path}"

    async def answer(self, request: Request, body: bytes) -> Reply:
        try:
            _authenticate(request)
            return self._answer(request, body)
        except TwilioRefusal as refusal:
            headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if refusal.status == 401 else {}
            return Reply(refusal.body(), refusal.status, headers=headers)

    def noted(self, request: Request, body: bytes) -> Any:
        return {"path": request.url.path, **_form(request, body).shown()}

    def _answer(self, request: Request, body: bytes) -> Reply:
        path = _path(request)
        if f"/{ACCOUNT_SID}" not in path:
            raise TwilioRefusal(404, 20404, f"The requested resource {path} was not found")
        for endpoint in ENDPOINTS:
            sids = endpoint.match(request.method, path)
            if sids is not None:
                return endpoint.run(self._exchange, _form(request, body), *sids)
        if any(endpoint.match(verb, path) is not None for endpoint in ENDPOINTS for verb in ("GET", "POST", "DELETE")):
            raise TwilioRefusal(405, 20004, "Method not allowed")
        raise TwilioRefusal(404, 20404, f"The requested resource {path} was not found")


def _path(request: Request) -> str:
    path = "/" + str(request.path_params["path"])
    return path.removeprefix(f"/{API_VERSION}")


def _form(request: Request, body: bytes) -> Form:
    return Form.read(body if request.method == "POST" else request.url.query.encode())


def _authenticate(request: Request) -> None:
    """Basic authentication with account SID and auth token: https://www.twilio.com/docs/usage/requests-to-twilio."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or not given:
        raise TwilioRefusal(401, 20003, "Authenticate: no credentials were given")
    try:
        known = b64decode(given, validate=True).decode() == f"{ACCOUNT_SID}:{AUTH_TOKEN}"
    except ValueError:
        known = False
    if not known:
        raise TwilioRefusal(401, 20003, "Authenticate: invalid username or password")


def _account() -> dict[str, Any]:
    return {
        "sid": ACCOUNT_SID,
        "owner_account_sid": ACCOUNT_SID,
        "friendly_name": "Sandbox: nobody is really called",
        "status": "active",
        "type": "Full",
        "uri": f"/{API_VERSION}/Accounts/{ACCOUNT_SID}.json",
        "subresource_uris": {},
    }
