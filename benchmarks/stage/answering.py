"""Tickets come one after another and are answered from memory, or asked about and learned; what came of that."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.stage.figures import Figures, percentile
from benchmarks.stage.tickets import Ticket
from knowledge.recollection import Guess


class Answerer(Protocol):
    def guess(self, text: str, *, ask: bool = False) -> Guess:
        """What the label is, and whether nobody needs to be asked. With `ask` somebody will be."""

    def learn(self, text: str, label: str, guess: Guess | None = None) -> None:
        """Somebody was asked because of that guess."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`deciding` and `learning` are seconds."""

    guess: Guess
    right: bool
    deciding: float
    learning: float


def play(tickets: Sequence[Ticket], answerer: Answerer, *, warm: int) -> list[Outcome]:
    """What became of all but the first `warm` tickets, whose labels are given.

    The label of a ticket that was answered is never told to the answerer, and no label before its guess.
    """
    outcomes = []
    for number, ticket in enumerate(tickets):
        began = time.perf_counter()
        guess = answerer.guess(ticket.text, ask=number < warm)
        decided = time.perf_counter()
        if not guess.answers:
            answerer.learn(ticket.text, ticket.label, guess)
        learned = time.perf_counter()
        outcomes.append(Outcome(guess, guess.label == ticket.label, decided - began, learned - decided))
    return outcomes[warm:]


def told(outcomes: Sequence[Outcome]) -> Figures:
    """The figures of docs/benchmarks.md; a share of nothing is None."""
    answered = _answered(outcomes)
    late = _answered(outcomes[len(outcomes) // 2 :])
    deciding = [outcome.deciding * 1000 for outcome in outcomes]
    learning = [outcome.learning * 1000 for outcome in outcomes if not outcome.guess.answers]
    promised = [outcome.guess.probability for outcome in answered]
    return {
        "bypass": round(len(answered) / len(outcomes), 4),
        "bypass_accuracy": share(answered),
        "bypass_wilson": wilson(answered),
        "bypass_late_half": share(late),
        "late_half_wilson": wilson(late),
        "accuracy_all": share(outcomes),
        "accuracy_all_wilson": wilson(outcomes),
        "promised": round(sum(promised) / len(promised), 4) if promised else None,
        "checked": round(sum(outcome.guess.is_check for outcome in outcomes) / len(outcomes), 4),
        "p50_ms": round(percentile(deciding, 0.5), 2),
        "p95_ms": round(percentile(deciding, 0.95), 2),
        "learn_p50_ms": round(percentile(learning, 0.5), 2) if learning else None,
        "learn_max_ms": round(max(learning), 1) if learning else None,
    }


def share(outcomes: Sequence[Outcome]) -> float | None:
    return round(sum(outcome.right for outcome in outcomes) / len(outcomes), 4) if outcomes else None


def wilson(outcomes: Sequence[Outcome], *, z: float = 1.96) -> tuple[float, float]:
    """Between what the true share of right ones lies with a probability of 0.95."""
    count = len(outcomes)
    if count == 0:
        return 0.0, 1.0
    right, spread = sum(outcome.right for outcome in outcomes) / count, 1 + z * z / count
    middle = (right + z * z / 2 / count) / spread
    half = z * (right * (1 - right) / count + z * z / 4 / count**2) ** 0.5 / spread
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def _answered(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.guess.answers]
