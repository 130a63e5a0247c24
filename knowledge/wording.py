"""Says in one sentence why triage answered as it did."""

from collections.abc import Sequence

from incidents.ports import Neighbour
from knowledge.decision import ALIKE, Guess
from knowledge.opinion import Opinion
from knowledge.rules import Reading

_NAMED = 3


def why_memory(near: Sequence[Neighbour], category: str) -> str:
    alike = _alike(near, category)
    return f"{len(alike)} alike: {_names(alike)}."


def why_model(opinion: Opinion, *, missed: Sequence[str]) -> str:
    quotes = ", ".join(f'"{quote}"' for quote in opinion.evidence)
    return f"{opinion.why} (the model, {f'quoting {quotes}' if quotes else 'without a quote'}{_gone(missed)})"


def why_guess(near: Sequence[Neighbour], guess: Guess, reading: Reading, *, missed: Sequence[str]) -> str:
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


def _gone(missed: Sequence[str]) -> str:
    return f"; {' and '.join(missed)} could not be reached" if missed else ""


def _names(neighbours: Sequence[Neighbour]) -> str:
    names = [f"#{entry.number}" if entry.number is not None else f'"{entry.title}"' for entry in neighbours]
    return ", ".join([*names[:_NAMED], "…"] if len(names) > _NAMED else names)
