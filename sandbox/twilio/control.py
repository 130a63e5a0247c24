"""The control API's phones: what a person does with a handset, and what it shows."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.reading import Refused, read_json, text
from sandbox.twilio import acting
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.handset import Handset
from sandbox.twilio.numbers import is_e164, tidy
from sandbox.twilio.texting import text_hotline
from sandbox.world import HOTLINE

CALLBACK_SECONDS = 3.0
_ACTS: Mapping[str, Callable[[Handset, dict[str, Any]], Awaitable[None]]] = {
    "answer": lambda one, asked: acting.answer(one),
    "voicemail": lambda one, asked: acting.answer(one, machine=True),
    "press": lambda one, asked: acting.press(one, str(asked.get("digits", ""))),
    "speak": lambda one, asked: acting.speak(one, text(asked, "text")),
    "hangup": lambda one, asked: acting.hangup(one),
    "ignore": lambda one, asked: acting.ignore(one),
    "line": lambda one, asked: acting.set_line(one, text(asked, "line")),
}


def routes(exchange: Exchange) -> Sequence[BaseRoute]:
    def handset(number: str) -> Handset:
        number = tidy(number)
        if not is_e164(number) or number == HOTLINE:
            raise Refused(f"{number} is no person's phone number", 404)
        return exchange.handset(number)

    async def all_phones(request: Request) -> Response:
        return JSONResponse([one.as_json() for one in exchange.handsets()])

    async def phone(request: Request) -> Response:
        return JSONResponse(handset(request.path_params["number"]).as_json())

    async def call(request: Request) -> Response:
        asked = await read_json(request)
        if tidy(text(asked, "to", HOTLINE)) != HOTLINE:
            raise Refused(f"only {HOTLINE} can be called", 409)
        caller = handset(text(asked, "from"))
        placed = await acting.ring_hotline(exchange, caller)
        return JSONResponse({"sid": placed.sid, **caller.as_json()})

    async def act(request: Request) -> Response:
        """Answers with the phone as it is once the act has had its consequences."""
        one = handset(request.path_params["number"])
        call = one.call
        await _act(exchange, one, request.path_params["act"], await read_json(request))
        if call is not None and call.over and call.last_callback is not None:
            await asyncio.wait({call.last_callback}, timeout=CALLBACK_SECONDS)
        return JSONResponse(one.as_json())

    return [
        Route("/control/phone", all_phones),
        Route("/control/phone/call", call, methods=["POST"]),
        Route("/control/phone/{number}", phone),
        Route("/control/phone/{number}/{act}", act, methods=["POST"]),
    ]


async def _act(exchange: Exchange, one: Handset, name: str, asked: dict[str, Any]) -> None:
    if name == "text":
        await text_hotline(exchange, one, text(asked, "text"))
    elif name in _ACTS:
        await _ACTS[name](one, asked)
    else:
        raise Refused(f"a phone cannot {name}; it can {', '.join(_ACTS)}, text", 404)
