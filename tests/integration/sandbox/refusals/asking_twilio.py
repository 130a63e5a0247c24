"""How the cases ask Twilio: through its SDK, over bare HTTP, and with TwiML that the product answers in a call."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import httpx
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.integration.sandbox.phones import BEA, HOTLINE, SID, TOKEN, Pages, Phone, client, eventually
from tests.integration.sandbox.receiver import Answered, Received
from tests.integration.sandbox.refusals.case import Send, World

HELLO = "<Response><Say>Hello</Say></Response>"


def sdk(send: Callable[[Client], object], *, token: str = TOKEN) -> Send:
    """The status and Twilio's code."""

    def ask(world: World) -> str:
        try:
            send(client(world.sandbox, token))
        except TwilioRestException as error:
            return f"{error.status} {error.code}"
        return "ok"

    return ask


def call(**changed: Any) -> Send:
    """Places a call that would be fine but for what is changed."""
    asked: dict[str, Any] = {"to": BEA, "from_": HOTLINE, "twiml": HELLO}
    return sdk(lambda twilio: twilio.calls.create(**asked | changed))


def message(**changed: Any) -> Send:
    asked: dict[str, Any] = {"to": BEA, "from_": HOTLINE, "body": "hello"}
    return sdk(lambda twilio: twilio.messages.create(**asked | changed))


def over(twilio: Client) -> Any:
    """A call that has ended."""
    placed = twilio.calls.create(to=HOTLINE, from_=HOTLINE, twiml=HELLO)
    eventually(lambda: {"status": placed.fetch().status}, lambda seen: seen["status"] == "busy")
    return placed


def raw(verb: str, path: str, *, credentials: str = "") -> Send:
    def ask(world: World) -> str:
        known = {"Authorization": f"Basic {b64encode(credentials.encode()).decode()}"} if credentials else {}
        url = f"{world.sandbox.address}/twilio/2010-04-01/Accounts/{SID}{path}"
        answer = httpx.request(verb, url, headers=known, trust_env=False)
        return f"{answer.status_code} {answer.json()['code']}"

    return ask


def twiml(verbs: str) -> Send:
    """What Twilio's debugger notes when a call runs into this."""
    return answered(lambda url: Answered(f"<Response>{verbs}</Response>".encode(), media_type="text/xml"))


def document(body: str, media_type: str = "text/xml") -> Send:
    return answered(lambda url: Answered(body.encode(), media_type=media_type))


def answered(answer: Callable[[str], Answered], path: str = "/voice/page") -> Send:
    """`answer` is asked with the product's own address; the path may end in connection settings."""

    def ask(world: World) -> str:
        world.product.rule = lambda received: answer(world.product.url)
        url = f"{world.product.url}{path}"
        return debugged(world, url)

    return ask


def debugged(world: World, url: str) -> str:
    client(world.sandbox).calls.create(to=BEA, from_=HOTLINE, url=url)
    bea = Phone(world.sandbox, BEA)
    bea.rings()
    bea.does("answer")
    shown = bea.is_idle()
    apologized = "application error" in shown["said"][-1]["text"]
    return " ".join([*(str(error["code"]) for error in shown["history"][-1]["errors"]), *["goodbye"] * apologized])


def nobody_there(world: World) -> str:
    return debugged(world, "http://127.0.0.1:1/voice/page")


def unsubscribed(world: World) -> str:
    Pages(world.product, {})
    Phone(world.sandbox, BEA).does("text", text="STOP")
    return message()(world)


def checked_elsewhere(check: Callable[[Received, str], bool]) -> Send:
    """`check` gets a request of the exchange as it came, and the address it was sent to."""

    def ask(world: World) -> str:
        Phone(world.sandbox, BEA).calls_hotline()
        got = world.product.wait_for(lambda one: one.path == "/voice/incoming")
        return "valid" if check(got, world.product.url + got.path) else "refused"

    return ask
