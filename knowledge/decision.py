"""Weighs what the memory and the words say: one category, and the probability that it is right."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from incidents.ports import Neighbour

NEIGHBOURS = 10
"""How many entries of the memory are heard."""

ALIKE = 0.35
"""Below this cosine two texts have nothing to do with each other, and neither is named to people."""

STEEPNESS = 15.0
"""A neighbour's voice grows by e**(this x similarity): the near ones decide, and many of them outvote one."""
STRANGER = 0.5
"""Something unknown speaks as loudly as one neighbour of this similarity: what is far from everything is uncertain."""
LEAN, LIFT = 1.15, -0.45
"""From the log-odds of the votes to those of being right; see docs/decisions/0011-evidence-and-probability.md."""

SEED_VOICE = 0.6
"""A seed happened to somebody else: it speaks less than an incident of the organization."""
HINT_AT_LEAST, HINT_AT_MOST = 0.35, 0.65
"""The weakest and the clearest words speak as one neighbour of this similarity."""
WORDS_ALONE, WORDS_LEAD = 0.4, 0.45
"""How often the words' first category is right: when a second one is as strong, and what a clear lead adds."""
GUESS_AT_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Guess:
    """`probability` is the chance that the category is right, by all that is known.

    `remembered` is the chance by the memory alone, for the same category: calibrated, so that of many with 0.9 nine in
    ten are right. The words were not part of the calibration: they may lower it, and never raise it.
    """

    category: str
    probability: float
    remembered: float


def decide(
    neighbours: Sequence[Neighbour], hints: Sequence[tuple[str, float]], *, categories: Sequence[str]
) -> Guess | None:
    """The likeliest of `categories`; None when nothing speaks for any. `hints` come the strongest first."""
    memory = _votes(_voice(neighbour) for neighbour in neighbours[:NEIGHBOURS] if neighbour.category in categories)
    both = _votes([*memory.items(), *(_hint_voice(*hint) for hint in hints)])
    if not both:
        return None
    best = max(both, key=lambda category: both[category])
    alone, together = _probability(memory, best), _probability(both, best)
    spoken = _words_probability(hints, best)
    either = min(GUESS_AT_MOST, 1 - (1 - alone) * (1 - spoken))
    return Guess(best, probability=max(together, either), remembered=min(alone, together))


def _voice(neighbour: Neighbour) -> tuple[str, float]:
    weight = SEED_VOICE if neighbour.source.startswith("seed:") else 1.0
    return neighbour.category, weight * _loudness(neighbour.similarity)


def _hint_voice(category: str, strength: float) -> tuple[str, float]:
    return category, _loudness(HINT_AT_LEAST + strength * (HINT_AT_MOST - HINT_AT_LEAST))


def _loudness(similarity: float) -> float:
    return exp(STEEPNESS * similarity)


def _votes(voices: Iterable[tuple[str, float]]) -> dict[str, float]:
    votes: defaultdict[str, float] = defaultdict(float)
    for category, loudness in voices:
        votes[category] += loudness
    return dict(votes)


def _probability(votes: Mapping[str, float], category: str) -> float:
    if category not in votes:
        return 0.0
    against = sum(votes.values()) - votes[category] + _loudness(STRANGER)
    return 1 / (1 + exp(-(LIFT + LEAN * log(votes[category] / against))))


def _words_probability(hints: Sequence[tuple[str, float]], category: str) -> float:
    if not hints or hints[0][0] != category:
        return 0.0
    second = hints[1][1] if len(hints) > 1 else 0.0
    return WORDS_ALONE + WORDS_LEAD * (hints[0][1] - second)
