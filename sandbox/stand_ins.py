"""The stand-ins that the server runs."""

from importlib import import_module
from importlib.util import find_spec

from sandbox.core import Sandbox, StandIn

MODULES = ("sandbox.slack", "sandbox.twilio", "sandbox.jira", "sandbox.model", "sandbox.speech")


def build_all(sandbox: Sandbox) -> list[StandIn]:
    modules = [import_module(name) for name in MODULES if find_spec(name)]
    return [module.build(sandbox) for module in modules if hasattr(module, "build")]
