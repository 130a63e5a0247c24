"""The seeds tell the categories apart, measured with the product's own embedding, rules and decision."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from incidents.ports import Neighbour
from incidents.words import CATEGORIES
from knowledge.decision import NEIGHBOURS, Guess, decide
from knowledge.embedding import Embedder
from knowledge.rules import read
from knowledge.seeds import load_seeds

SEEDS = load_seeds()
ENTRIES = [seed.source.partition("#")[0] for seed in SEEDS]
TARGET = 0.95
"""What the memory has to be sure of to answer alone."""


@dataclass(frozen=True, slots=True)
class Alike:
    """`seeds[i, j]` is the cosine of two seeds, `reports[i, j]` that of a seed's bare report to another seed."""

    seeds: NDArray[np.float32]
    reports: NDArray[np.float32]


@pytest.fixture(scope="module")
def alike(embedder: Embedder) -> Alike:
    seeds = embedder.embed([f"{seed.title}\n{seed.text}" for seed in SEEDS])
    return Alike(seeds @ seeds.T, embedder.embed([seed.text for seed in SEEDS]) @ seeds.T)


def by_the_others(place: int, similarities: NDArray[np.float32]) -> Guess:
    """What triage makes of a report when the memory has every entry but its own."""
    near: dict[str, Neighbour] = {}
    for other in np.argsort(-similarities):
        if ENTRIES[other] != ENTRIES[place]:
            seed = SEEDS[other]
            found = Neighbour(ENTRIES[other], seed.title, seed.category, float(similarities[other]))
            near.setdefault(ENTRIES[other], found)
    hints = read(SEEDS[place].text, kind=None, categories=CATEGORIES).hints
    guess = decide(list(near.values())[:NEIGHBOURS], hints, categories=CATEGORIES)
    assert guess is not None
    return guess


def test_a_report_finds_its_own_entry_first(alike: Alike) -> None:
    strays = [
        seed.source for place, seed in enumerate(SEEDS) if ENTRIES[np.argmax(alike.reports[place])] != ENTRIES[place]
    ]
    assert strays == []


def test_no_seed_is_so_like_one_of_another_category_that_it_would_answer_for_it(alike: Alike) -> None:
    """One seed alone is believed from a cosine of 0.731 on."""
    strangers = np.array([[one.category != other.category for other in SEEDS] for one in SEEDS])
    nearest = float(np.max(np.maximum(alike.seeds, alike.reports)[strangers]))
    guess = decide([Neighbour(ENTRIES[0], "", SEEDS[0].category, nearest)], [], categories=CATEGORIES)
    assert guess is not None
    assert guess.remembered < TARGET, f"cosine {nearest:.3f}"


def test_reports_land_in_their_category_by_the_other_entries(alike: Alike) -> None:
    """The hardest case, as no two entries are about the same trouble: what is reported is not in the memory."""
    guesses = [by_the_others(place, alike.reports[place]) for place in range(len(SEEDS))]
    right = [guess.category == seed.category for guess, seed in zip(guesses, SEEDS, strict=True)]
    assert np.mean(right) >= 0.55
    assert all(fits for guess, fits in zip(guesses, right, strict=True) if guess.remembered >= TARGET)
