"""One refusal: what is sent, what the provider answers to it, and where that is written."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.integration.sandbox.receiver import Receiver
from tests.integration.sandbox.running import RunningSandbox


@dataclass(frozen=True)
class World:
    """`narrow` is a second sandbox, whose Slack app has three scopes only."""

    sandbox: RunningSandbox
    narrow: RunningSandbox
    product: Receiver


Send = Callable[[World], str]
"""Sends it and returns what came back in few words: the provider's error code, and its HTTP status where it has one."""


@dataclass(frozen=True)
class Case:
    """`kind` is the rule that is broken; at most three cases break the same one."""

    kind: str
    name: str
    send: Send
    answer: str
    source: str
