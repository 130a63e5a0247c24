"""Several pieces of evidence make one category and a probability."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.ports import Neighbour
from knowledge.decision import decide

CATEGORIES = ("database", "network", "other")


def near(*pairs: tuple[str, float], source: str = "incident") -> list[Neighbour]:
    return [
        Neighbour(f"{source}:{index}", f"entry {index}", category, similarity)
        for index, (category, similarity) in enumerate(pairs)
    ]


def remembered(*pairs: tuple[str, float], source: str = "incident") -> float:
    guess = decide(near(*pairs, source=source), [], categories=CATEGORIES)
    assert guess is not None
    return guess.remembered


def test_nothing_is_guessed_from_nothing() -> None:
    assert decide([], [], categories=CATEGORIES) is None


def test_neighbours_of_foreign_categories_have_no_voice() -> None:
    assert decide(near(("plumbing", 0.99)), [], categories=CATEGORIES) is None


def test_the_near_ones_decide() -> None:
    guess = decide(near(("network", 0.9), ("database", 0.5), ("database", 0.5)), [], categories=CATEGORIES)
    assert guess is not None
    assert guess.category == "network"


def test_many_outvote_one() -> None:
    guess = decide(near(("network", 0.7), *[("database", 0.68)] * 4), [], categories=CATEGORIES)
    assert guess is not None
    assert guess.category == "database"


def test_several_that_agree_and_are_near_are_as_good_as_certain() -> None:
    assert remembered(("network", 0.9), ("network", 0.85), ("network", 0.8), ("database", 0.4)) >= 0.95


def test_one_that_is_half_alike_is_not_enough() -> None:
    assert remembered(("network", 0.6), ("network", 0.5), ("database", 0.5)) < 0.95


def test_what_is_far_from_everything_is_uncertain_although_all_agree() -> None:
    assert remembered(*[("network", 0.2)] * 10) < 0.5


def test_a_seed_speaks_less_than_an_incident() -> None:
    pairs = (("network", 0.7), ("network", 0.6))
    assert remembered(*pairs, source="seed") < remembered(*pairs)


similarities = st.floats(0, 0.99)


@given(similarities, similarities, similarities)
def test_a_nearer_neighbour_makes_it_surer_and_a_nearer_opponent_less_sure(
    first: float, second: float, opponent: float
) -> None:
    nearest, other = max(first, second), min(first, second)
    against = min(opponent, other)
    assert remembered(("network", nearest), ("database", against)) >= remembered(
        ("network", other), ("database", against)
    )
    assert remembered(("network", nearest), ("database", 0.0)) >= remembered(
        ("network", nearest), ("database", against)
    )


@given(
    st.lists(st.tuples(st.sampled_from(CATEGORIES), st.floats(-1, 1)), max_size=12),
    st.lists(st.tuples(st.sampled_from(CATEGORIES), st.floats(0.01, 1)), max_size=3, unique_by=lambda hint: hint[0]),
)
def test_probabilities_are_probabilities(pairs: list[tuple[str, float]], hints: list[tuple[str, float]]) -> None:
    hints.sort(key=lambda hint: -hint[1])
    guess = decide(near(*pairs), hints, categories=CATEGORIES)
    if guess is not None:
        assert guess.category in CATEGORIES
        assert 0 <= guess.remembered <= guess.probability <= 1


def test_words_never_make_the_memory_surer_than_it_is() -> None:
    neighbours = near(("network", 0.7), ("database", 0.5))
    alone = decide(neighbours, [], categories=CATEGORIES)
    with_words = decide(neighbours, [("network", 1.0)], categories=CATEGORIES)
    assert alone is not None
    assert with_words is not None
    assert with_words.remembered <= alone.remembered
    assert with_words.probability > alone.probability


def test_words_that_disagree_raise_a_doubt() -> None:
    neighbours = near(("network", 0.75), ("network", 0.7))
    doubted = decide(neighbours, [("database", 1.0)], categories=CATEGORIES)
    assert doubted is not None
    assert doubted.remembered < remembered(("network", 0.75), ("network", 0.7))


@pytest.mark.parametrize(("hints", "least", "most"), [([("network", 1.0)], 0.8, 0.9), ([("network", 0.17)], 0.3, 0.6)])
def test_words_alone_are_a_guess(hints: list[tuple[str, float]], least: float, most: float) -> None:
    guess = decide([], hints, categories=CATEGORIES)
    assert guess is not None
    assert least <= guess.probability <= most
    assert guess.remembered == 0
