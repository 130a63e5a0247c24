"""Answers that somebody wrote beforehand: the newest whose `match` stands in what the user said."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.model.filling import fill
from sandbox.model.wanted import Wanted


@dataclass(frozen=True)
class Line:
    """A text as `answer` is sent as it is, be it JSON or not; an object becomes the structured answer.

    With `refuses` the text is the model's refusal, in the place where the form has one.
    """

    match: str
    answer: Any
    refuses: bool = False


class Script:
    def __init__(self) -> None:
        self._lines: list[Line] = []

    def add(self, line: Line) -> None:
        self._lines.insert(0, line)

    def lines(self) -> list[Line]:
        return list(self._lines)

    def clear(self) -> None:
        self._lines.clear()

    def refusal(self, wanted: Wanted) -> str | None:
        """The model's refusal, when one was written for this."""
        line = self._line(wanted)
        return as_text(line.answer) if line is not None and line.refuses else None

    def answer(self, wanted: Wanted) -> Any:
        """An object when a form or JSON was asked for (or scripted), else a text."""
        line = self._line(wanted)
        if line is not None:
            return line.answer
        if wanted.schema is not None:
            return fill(wanted.schema, wanted.text)
        if wanted.as_json:
            return {"answer": "This is the sandbox's model."}
        return "This is the sandbox's model: it answers from a script, or fills in the form that it is given."

    def _line(self, wanted: Wanted) -> Line | None:
        return next((line for line in self._lines if line.match.lower() in wanted.text.lower()), None)


def as_text(answer: Any) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer)
