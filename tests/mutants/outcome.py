"""What a layer found out about a mutant."""

from dataclasses import dataclass


class NotRunError(Exception):
    """The layer could not be run, so that nobody knows whether it catches the mutant."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`by` names the test or the schedule that caught it; empty when it got through. `seconds` of the wall's clock."""

    layer: str
    caught: bool
    by: str
    seconds: float
