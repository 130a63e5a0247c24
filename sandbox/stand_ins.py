"""The stand-ins that the server runs."""

from sandbox import jira, mail, model, slack, speech, twilio
from sandbox.core import Sandbox, StandIn


def build_all(sandbox: Sandbox) -> list[StandIn]:
    return [module.build(sandbox) for module in (slack, twilio, jira, model, speech, mail)]
