"""What the triager asks of a model, and what a model answers: the same for every provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Neighbour, Remedy
from incidents.words import Sentiment, Severity, Urgency


@dataclass(frozen=True, slots=True)
class Enquiry:
    """`report` and `examples` are redacted already; the answer's severity is not below `floor`."""

    organization: UUID
    report: str
    categories: Sequence[str]
    floor: Severity | None = None
    examples: Sequence[Neighbour] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """`evidence` are quotes that do stand in the report; without one the confidence is worth little.

    `remedies` are such as the examples hold. What is None the model did not say, or not so that it may be shown.
    """

    category: str
    severity: Severity
    confidence: float
    why: str
    evidence: Sequence[str] = ()
    urgency: Urgency | None = None
    sentiment: Sentiment | None = None
    reply: str | None = None
    remedies: Sequence[Remedy] = ()
    tokens: int = 0


class Busy(TemporaryError):
    """The provider cannot be reached or cannot do it now: nothing that the report did."""


class Unfit(TemporaryError):
    """The model did answer, and not in the form that was asked for; its refusals in words are among these."""


class Refused(PermanentError):
    """The provider refuses this request; it may well take another one."""


class Model(Protocol):
    def classify(self, enquiry: Enquiry) -> Opinion:
        """Raises: TemporaryError, PermanentError within 20 s."""
