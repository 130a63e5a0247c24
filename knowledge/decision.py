"""Weighs what the memory and the words say: one category, and the probability that it is right."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

from incidents.ports import Neighbour

NEIGHBOURS = 10
"""How many entries of the memory are heard."""

STEEPNESS = 15.0
"""A neighbour's voice grows by e**(this x similarity): the near ones decide, and many of them outvote one."""
STRANGER = 0.5
"""Something unknown speaks as loudly as one neighbour of this similarity: what is far from everything is uncertain."""
LEAN, LIFT = 1.15, -0.45
"""From the log-odds of the votes to those of being right; see docs/decisions/0011-evidence-and-probability.md."""

SEED_VOICE = 0.6
"""A seed happened to somebody else: it speaks less than an incident of the organization."""
HINT_AT_MOST = 0.65
"""The clearest words speak as one neighbour of this similarity; the weakest as a stranger."""


@dataclass(frozen=True, slots=True)
class Guess:
    """`probability` is meant to be true: of many guesses with 0.9, nine of ten are right.

    `remembered` tells that the memory alone says the same; then words never make it surer than the memory is.
    """

    category: str
    probability: float
    remembered: bool


def decide(
    neighbours: Sequence[Neighbour], hints: Sequence[tuple[str, float]], *, categories: Sequence[str]
) -> Guess | None:
    """The likeliest of `categories`; None when nothing speaks for any."""
    known = [neighbour for neighbour in neighbours[:NEIGHBOURS] if neighbour.category in categories]
    memory = _votes(_voice(neighbour) for neighbour in known)
    both = dict(memory)
    for category, strength in hints:
        both[category] = both.get(category, 0.0) + _loudness(STRANGER + strength * (HINT_AT_MOST - STRANGER))
    if not both:
        return None
    best = max(both, key=lambda category: both[category])
    probability = _probability(both, best)
    if best not in memory:
        return Guess(best, probability, remembered=False)
    alone = _probability(memory, best)
    if best == max(memory, key=lambda category: memory[category]):
        # Words were not part of the calibration: they may raise a doubt, but no certainty.
        return Guess(best, min(alone, probability), remembered=True)
    return Guess(best, probability, remembered=False)


def _voice(neighbour: Neighbour) -> tuple[str, float]:
    weight = SEED_VOICE if neighbour.source.startswith("seed:") else 1.0
    return neighbour.category, weight * _loudness(neighbour.similarity)


def _loudness(similarity: float) -> float:
    return exp(STEEPNESS * similarity)


def _votes(voices: Iterable[tuple[str, float]]) -> dict[str, float]:
    votes: defaultdict[str, float] = defaultdict(float)
    for category, loudness in voices:
        votes[category] += loudness
    return dict(votes)


def _probability(votes: dict[str, float], category: str) -> float:
    against = sum(votes.values()) - votes[category] + _loudness(STRANGER)
    return 1 / (1 + exp(-(LIFT + LEAN * log(votes[category] / against))))
