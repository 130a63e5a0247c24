"""What can become of a request to a provider, as a worker sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from incidents.errors import PermanentError, TemporaryError
from tests.fakes import _Unreliable


class BugError(Exception):
    """Something that nobody thought of, say an answer of a shape that nobody knows."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`happens`: the effect is there, though the worker hears of an error."""

    error: Callable[[], Exception]
    happens: bool = False

    def befall(self, provider: _Unreliable, method: str) -> None:
        """It is what the next request of that method meets."""
        provider.fail(self.error(), method=method, after=self.happens)


OUTCOMES = {
    "surely-not": Outcome(lambda: TemporaryError("connection refused", happened=False)),
    "unknown-and-it-did-not": Outcome(lambda: TemporaryError("timeout")),
    "unknown-and-it-did": Outcome(lambda: TemporaryError("timeout"), happens=True),
    "429": Outcome(lambda: TemporaryError("slow down", retry_after=timedelta(seconds=5), happened=False)),
    "refused": Outcome(lambda: PermanentError("the scope is missing")),
    "bug": Outcome(lambda: BugError("what is this?"), happens=True),
}
"""All but the one in which everything works."""
