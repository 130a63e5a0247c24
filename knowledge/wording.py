"""Says in one sentence why triage answered as it did."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from incidents.ports import Neighbour
from knowledge.decision import ALIKE, Guess
from knowledge.opinion import Opinion
from knowledge.rules import Reading

_NAMED = 3


@dataclass
class Missed:
    """What triage had to go without; noted as it goes."""

    parts: list[str] = field(default_factory=list)
    over_budget: bool = False


def why_memory(near: Sequence[Neighbour], category: str) -> str:
    alike = _alike(near, category)
    return f"{len(alike)} alike: {_names(alike)}."


def why_model(opinion: Opinion, *, missed: Missed) -> str:
    quotes = ", ".join(f'"{quote}"' for quote in opinion.evidence)
    return f"{opinion.why} (the model, {f'quoting {quotes}' if quotes else 'without a quote'}{_gone(missed)})"


def why_guess(near: Sequence[Neighbour], guess: Guess, reading: Reading, *, missed: Missed) -> str:
    grounds = []
    if any(category == guess.category for category, _ in reading.hints):
        grounds.append("the words of the report")
    alike = _alike(near, guess.category)
    if alike:
        grounds.append(_names(alike[:1]))
    rests = f"it rests on {' and '.join(grounds)}" if grounds else "nothing in the report speaks for a category"
    return f"A guess: {rests}{_gone(missed)}."


def _alike(near: Sequence[Neighbour], category: str) -> list[Neighbour]:
    return [neighbour for neighbour in near if neighbour.category == category and neighbour.similarity >= ALIKE]


def _gone(missed: Missed) -> str:
    away = f"; {' and '.join(missed.parts)} could not be reached" if missed.parts else ""
    return f"{away}; today's calls of the model are used up" if missed.over_budget else away


def _names(neighbours: Sequence[Neighbour]) -> str:
    names = [f"#{entry.number}" if entry.number is not None else f'"{entry.title}"' for entry in neighbours]
    return ", ".join([*names[:_NAMED], "…"] if len(names) > _NAMED else names)
