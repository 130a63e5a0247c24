"""What helped, as it is written down: a runbook's cause, steps and check, or the plain words of whoever resolved it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

CAUSE, CHECK = "Cause: ", "Check: "
_LIST_MARK = re.compile(r"^(?:\d{1,2}[.)]|[-*•])\s+")


@dataclass(frozen=True, slots=True)
class Advice:
    """`steps` are without their numbers, and at least one when anything was written."""

    cause: str | None
    steps: Sequence[str]
    check: str | None


def read_advice(helped: str) -> Advice:
    lines = [line.strip() for line in helped.splitlines() if line.strip()]
    cause = next((line for line in lines if line.startswith(CAUSE)), None)
    check = next((line for line in lines if line.startswith(CHECK)), None)
    steps = [_LIST_MARK.sub("", line) for line in lines if line not in (cause, check)]
    return Advice(cause, steps, check) if steps else Advice(None, lines, None)
