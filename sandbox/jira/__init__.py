"""The stand-in for Jira Cloud: one project, its issues, a search whose index lags behind, signed webhooks."""

from sandbox.core import Sandbox, StandIn
from sandbox.jira.stand_in import JiraStandIn


def build(sandbox: Sandbox) -> StandIn:
    return JiraStandIn(sandbox)
