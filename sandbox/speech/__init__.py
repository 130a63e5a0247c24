"""The stand-in for Google Cloud Speech-to-Text v1, over its own protocol (gRPC)."""

from sandbox.core import Sandbox, StandIn
from sandbox.speech.stand_in import SpeechStandIn


def build(sandbox: Sandbox) -> StandIn:
    return SpeechStandIn(sandbox)
