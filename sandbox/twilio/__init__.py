"""The stand-in for Twilio: its REST API, and a phone exchange that really runs calls against the product."""

from sandbox.core import Sandbox, StandIn
from sandbox.twilio.stand_in import TwilioStandIn


def build(sandbox: Sandbox) -> StandIn:
    return TwilioStandIn(sandbox)
