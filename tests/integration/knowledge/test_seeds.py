"""The seeds tell the categories apart, measured with the product's own embedding, rules and decision."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from incidents.ports import Lesson, Neighbour
from incidents.words import CATEGORIES
from knowledge.decision import NEIGHBOURS, Guess, decide
from knowledge.embedding import Embedder
from knowledge.rules import read
from knowledge.seeds import load_seeds

SEEDS = load_seeds()
TARGET = 0.95
"""What the memory has to be sure of to answer alone."""


@dataclass(frozen=True, slots=True)
class Alike:
    """`entries[i, j]` is the cosine of two seeds, `reports[i, j]` that of a seed's reports to another seed."""

    entries: NDArray[np.float32]
    reports: NDArray[np.float32]


@pytest.fixture(scope="module")
def alike(embedder: Embedder) -> Alike:
    entries = embedder.embed([f"{seed.title}\n{seed.text}" for seed in SEEDS])
    return Alike(entries @ entries.T, embedder.embed([seed.text for seed in SEEDS]) @ entries.T)


def neighbour(seed: Lesson, similarity: float) -> Neighbour:
    return Neighbour(seed.source, seed.title, seed.category, similarity)


def guess_without_itself(place: int, reports: NDArray[np.float32]) -> Guess:
    """What triage makes of a seed's own reports when the memory has all the others."""
    near: Sequence[int] = [other for other in np.argsort(-reports[place]) if other != place][:NEIGHBOURS]
    hints = read(SEEDS[place].text, kind=None, categories=CATEGORIES).hints
    guess = decide([neighbour(SEEDS[n], float(reports[place, n])) for n in near], hints, categories=CATEGORIES)
    assert guess is not None
    return guess


def test_a_seeds_own_reports_find_it_first(alike: Alike) -> None:
    strays = [seed.source for place, seed in enumerate(SEEDS) if np.argmax(alike.reports[place]) != place]
    assert strays == []


def test_no_seed_is_so_like_one_of_another_category_that_it_would_answer_for_it(alike: Alike) -> None:
    """One seed alone is believed from a cosine of 0.731 on."""
    strangers = np.array([[one.category != other.category for other in SEEDS] for one in SEEDS])
    nearest = float(np.max(np.maximum(alike.entries, alike.reports)[strangers]))
    only = decide([neighbour(SEEDS[0], nearest)], [], categories=CATEGORIES)
    assert only is not None
    assert only.remembered < TARGET, f"cosine {nearest:.3f}"


def test_reports_land_in_their_category_by_the_other_seeds(alike: Alike) -> None:
    """No two seeds are about the same trouble, so this is the hardest case: something that is not in the memory."""
    guesses = [guess_without_itself(place, alike.reports) for place in range(len(SEEDS))]
    right = [guess.category == seed.category for guess, seed in zip(guesses, SEEDS, strict=True)]
    assert sum(right) / len(SEEDS) >= 0.60
    assert all(fits for guess, fits in zip(guesses, right, strict=True) if guess.remembered >= TARGET)
