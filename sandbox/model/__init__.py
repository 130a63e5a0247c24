"""The stand-in for language models, in OpenAI's form and in Ollama's: answers from a script, or by plain keywords."""

from sandbox.core import Sandbox, StandIn
from sandbox.model.stand_in import ModelStandIn


def build(sandbox: Sandbox) -> StandIn:
    return ModelStandIn(sandbox)
