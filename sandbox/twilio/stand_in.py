"""Twilio among the sandbox's stand-ins."""

from collections.abc import Mapping, Sequence

from starlette.routing import BaseRoute

from sandbox.core import Sandbox
from sandbox.provider import Provider
from sandbox.twilio import control
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.keeping import TwilioState
from sandbox.twilio.rest import TwilioRest


class TwilioStandIn:
    def __init__(self, sandbox: Sandbox) -> None:
        self._exchange = Exchange(sandbox)
        sandbox.state.join("twilio", TwilioState(self._exchange))

    @property
    def mounts(self) -> Mapping[str, Provider]:
        return {"/twilio": TwilioRest(self._exchange)}

    def control_routes(self) -> Sequence[BaseRoute]:
        return control.routes(self._exchange)

    def reset(self) -> None:
        self._exchange.reset()

    async def start(self) -> None:
        self._exchange.go_on()

    async def stop(self) -> None:
        return None
