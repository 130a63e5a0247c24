"""What the triager asks of a model, and what a model answers: the same for every provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from incidents.ports import Neighbour
from incidents.words import Severity


@dataclass(frozen=True, slots=True)
class Opinion:
    """`evidence` are quotes that do stand in the report; without one the confidence is worth little."""

    category: str
    severity: Severity
    confidence: float
    why: str
    evidence: Sequence[str] = ()


class Model(Protocol):
    def classify(
        self, report: str, *, categories: Sequence[str], floor: Severity | None, examples: Sequence[Neighbour]
    ) -> Opinion:
        """One of `categories`, and a severity that is not below `floor`. `report` and examples are redacted already.

        Raises: TemporaryError, PermanentError within 20 s.
        """
