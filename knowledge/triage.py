"""Triage: memory first, a model second, the rules behind both."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from incidents import remedies
from incidents.errors import PermanentError, TemporaryError
from incidents.model_calls import OverBudget
from incidents.ports import Memory, Neighbour, Question, Verdict
from incidents.words import CATEGORIES, Route, Severity
from knowledge import tone
from knowledge.decision import ALIKE, NEIGHBOURS, Guess, decide
from knowledge.opinion import Enquiry, Model, Opinion
from knowledge.redact import redact
from knowledge.rules import Reading, read
from knowledge.wording import Missed, why_guess, why_memory, why_model

_log = logging.getLogger(__name__)

LONGEST = 4_000
"""Characters of a report that are read."""
_SHOWN = 5
_SHORTEST_SECRET = 6
"""A shorter one would be masked in every other word."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A question as triage works on it: redacted, with what the rules and the memory say."""

    question: Question
    report: str
    categories: Sequence[str]
    reading: Reading
    near: Sequence[Neighbour]
    missed: Missed

    @property
    def severity(self) -> Severity:
        """What the person and the rules say; neighbours have no say in it."""
        return Severity.highest(self.question.severity, self.reading.floor) or self.reading.usual


class MemoryFirstTriager:
    """Asks no model when the memory is right with a probability of at least `target`.

    `secrets` are the product's own: wherever they stand in a report, memory and model do not see them.
    """

    def __init__(
        self, memory: Memory, model: Model | None, target: float = 0.95, *, secrets: Sequence[str] = ()
    ) -> None:
        self._memory = memory
        self._model = model
        self._target = target
        self._secrets = sorted((each for each in secrets if len(each) >= _SHORTEST_SECRET), key=len, reverse=True)

    def triage(self, question: Question) -> Verdict:
        case = self._look(question)
        guess = decide(case.near, case.reading.hints, categories=case.categories)
        if guess is not None and guess.remembered >= self._target:
            return _verdict(case, guess.category, guess.remembered, Route.MEMORY, why_memory(case.near, guess.category))
        opinion = self._ask(case)
        if opinion is not None:
            why = why_model(opinion, missed=case.missed)
            return _verdict(case, opinion.category, opinion.confidence, Route.LLM, why, opinion=opinion)
        guess = guess or Guess(_unknown(case.categories), 1 / len(case.categories), remembered=0.0)
        why = why_guess(case.near, guess, case.reading, missed=case.missed)
        return _verdict(case, guess.category, guess.probability, Route.RULES, why)

    def _look(self, question: Question) -> _Case:
        categories = tuple(question.categories) or CATEGORIES
        text = self._redact(f"{question.title}\n{question.description}".strip()[:LONGEST])
        reading = read(text, kind=question.kind, categories=categories)
        kind = self._redact(question.kind.replace("_", " ").lower()) if question.kind else None
        report = f"{kind}: {text}" if kind else text
        missed = Missed()
        near: Sequence[Neighbour] = ()
        try:
            near = self._memory.nearest(question.organization, report, limit=NEIGHBOURS)
        except (TemporaryError, PermanentError) as error:
            _log.warning("triage goes on without the memory: %s", error)
            missed.parts.append("the memory")
        return _Case(question, report, categories, reading, near, missed)

    def _redact(self, text: str) -> str:
        return redact(self._mask(text))

    def _mask(self, text: str) -> str:
        """Without the product's own secrets, which have no form to tell them by."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text

    def _ask(self, case: _Case) -> Opinion | None:
        """None without a model, or when none answers: `case.missed` says so then."""
        if self._model is None:
            return None
        examples = [neighbour for neighbour in case.near if neighbour.category in case.categories][:_SHOWN]
        floor, organization = case.reading.floor, case.question.organization
        try:
            opinion = self._model.classify(Enquiry(organization, case.report, case.categories, floor, examples))
        except OverBudget as error:
            _log.warning("triage goes on without the model: %s", error)
            case.missed.over_budget = True
        except (TemporaryError, PermanentError) as error:
            _log.warning("triage goes on without the model: %s", error)
            case.missed.parts.append("the model")
        else:
            reply = opinion.reply if opinion.reply == self._mask(opinion.reply or "") else None
            return replace(opinion, why=self._mask(opinion.why), reply=reply)
        return None


def _verdict(
    case: _Case, category: str, confidence: float, route: Route, why: str, *, opinion: Opinion | None = None
) -> Verdict:
    alike = [neighbour for neighbour in case.near if neighbour.similarity >= ALIKE]
    helped = [neighbour for neighbour in alike if neighbour.category == category and neighbour.helped][:3]
    severity = Severity.highest(case.question.severity, opinion.severity) if opinion else None
    severity = severity or case.severity
    by_words = tone.urgency(case.report, severity=case.severity)
    return Verdict(
        category=category,
        severity=severity,
        confidence=round(confidence, 4),
        route=route,
        why=why,
        similar=alike[:_SHOWN],
        helped=helped,
        urgency=tone.at_least([by_words, opinion.urgency if opinion else None]),
        sentiment=(opinion.sentiment if opinion else None) or tone.sentiment(case.report),
        reply=opinion.reply if opinion else None,
        remediation=(opinion.remedies if opinion else ()) or remedies.usual(helped),
    )


def _unknown(categories: Sequence[str]) -> str:
    return "other" if "other" in categories else categories[-1]
