"""The stand-in for a mail server, over its own protocol (SMTP)."""

from sandbox.core import Sandbox, StandIn
from sandbox.mail.stand_in import MailStandIn


def build(sandbox: Sandbox) -> StandIn:
    return MailStandIn(sandbox)
