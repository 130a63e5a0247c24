"""Triage: memory first, a model second, the rules behind both."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Memory, Neighbour, Question, Verdict
from incidents.words import CATEGORIES, Route, Severity
from knowledge.decision import ALIKE, NEIGHBOURS, Guess, decide
from knowledge.opinion import Model, Opinion
from knowledge.redact import redact
from knowledge.rules import Reading, read
from knowledge.wording import why_guess, why_memory, why_model

_log = logging.getLogger(__name__)

LONGEST = 4_000
"""Characters of a report that are read."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Case:
    """A question as triage works on it: redacted, with what the rules and the memory say."""

    question: Question
    report: str
    categories: Sequence[str]
    reading: Reading
    near: Sequence[Neighbour]
    missed: Sequence[str]

    @property
    def severity(self) -> Severity:
        """What the person and the rules say; neighbours have no say in it."""
        return Severity.highest(self.question.severity, self.reading.floor) or self.reading.usual


class MemoryFirstTriager:
    """Asks no model when the memory is right with a probability of at least `target`."""

    def __init__(self, memory: Memory, model: Model | None, target: float = 0.95) -> None:
        self._memory = memory
        self._model = model
        self._target = target

    def triage(self, question: Question) -> Verdict:
        case = self._look(question)
        guess = decide(case.near, case.reading.hints, categories=case.categories)
        if guess is not None and guess.remembered >= self._target:
            return _verdict(case, guess.category, guess.remembered, Route.MEMORY, why_memory(case.near, guess.category))
        opinion, missed = self._ask(case)
        if opinion is not None:
            severity = Severity.highest(case.question.severity, opinion.severity)
            return _verdict(
                case,
                opinion.category,
                opinion.confidence,
                Route.LLM,
                why_model(opinion, missed=case.missed),
                severity=severity,
            )
        guess = guess or Guess(_unknown(case.categories), 1 / len(case.categories), remembered=0.0)
        why = why_guess(case.near, guess, case.reading, missed=[*case.missed, *missed])
        return _verdict(case, guess.category, guess.probability, Route.RULES, why)

    def _look(self, question: Question) -> _Case:
        categories = tuple(question.categories) or CATEGORIES
        text = redact(f"{question.title}\n{question.description}".strip()[:LONGEST])
        reading = read(text, kind=question.kind, categories=categories)
        kind = redact(question.kind.replace("_", " ").lower()) if question.kind else None
        report = f"{kind}: {text}" if kind else text
        missed = []
        near: Sequence[Neighbour] = ()
        try:
            near = self._memory.nearest(question.organization, report, limit=NEIGHBOURS)
        except (TemporaryError, PermanentError) as error:
            _log.warning("triage goes on without the memory: %s", error)
            missed.append("the memory")
        return _Case(question, report, categories, reading, near, missed)

    def _ask(self, case: _Case) -> tuple[Opinion | None, list[str]]:
        if self._model is None:
            return None, []
        examples = [neighbour for neighbour in case.near if neighbour.category in case.categories][:_SHOWN]
        try:
            return self._model.classify(
                case.report, categories=case.categories, floor=case.reading.floor, examples=examples
            ), []
        except (TemporaryError, PermanentError) as error:
            _log.warning("triage goes on without the model: %s", error)
            return None, ["the model"]


def _verdict(
    case: _Case, category: str, confidence: float, route: Route, why: str, *, severity: Severity | None = None
) -> Verdict:
    alike = [neighbour for neighbour in case.near if neighbour.similarity >= ALIKE]
    return Verdict(
        category=category,
        severity=severity or case.severity,
        confidence=round(confidence, 4),
        route=route,
        why=why,
        similar=alike[:_SHOWN],
        helped=[neighbour for neighbour in alike if neighbour.category == category and neighbour.helped][:3],
    )


def _unknown(categories: Sequence[str]) -> str:
    return "other" if "other" in categories else categories[-1]
