"""The regression knows what it would say without each of its entries."""

import numpy as np
import pytest

from knowledge.grams import Floats
from knowledge.ridge import Numbers, Ridge, leads


def alike(count: int, seed: int) -> Floats:
    vectors = np.random.default_rng(seed).normal(size=(count, 12))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors @ vectors.T).astype(np.float32)


LABELS: Numbers = np.array([0, 1, 2, 0, 1, 2, 0, 1, 0, 2])


def solved(matrix: Floats, labels: Numbers) -> Ridge:
    ridge = Ridge()
    ridge.solve(matrix, labels)
    return ridge


@pytest.mark.parametrize("entry", range(len(LABELS)))
def test_leave_one_out_is_what_refitting_without_it_says(entry: int) -> None:
    matrix = alike(len(LABELS), seed=1)
    without = np.delete(np.arange(len(LABELS)), entry)
    refitted = solved(matrix[np.ix_(without, without)], LABELS[without])
    expected = refitted.scores(matrix[entry, without].astype(np.float64))
    assert solved(matrix, LABELS).scores_without_itself()[entry] == pytest.approx(expected, abs=1e-4)


def test_one_after_another_is_as_good_as_all_at_once() -> None:
    matrix = alike(len(LABELS), seed=2)
    grown = solved(matrix[:1, :1], LABELS[:1])
    for size in range(1, len(LABELS)):
        grown.add(matrix[size, :size].astype(np.float64), int(LABELS[size]))
    at_once = solved(matrix, LABELS)
    text = matrix[3].astype(np.float64)
    assert grown.scores(text) == pytest.approx(at_once.scores(text), abs=1e-4)
    assert grown.scores_without_itself() == pytest.approx(at_once.scores_without_itself(), abs=1e-4)


def test_a_label_that_one_entry_alone_has_could_not_have_been_guessed_for_it() -> None:
    scores = solved(alike(4, seed=3), np.array([0, 1, 1, 1])).scores_without_itself()
    assert scores[0].argmax() == 1


def test_texts_that_repeat_do_no_harm() -> None:
    ridge = solved(np.ones((5, 5), dtype=np.float32), np.array([0, 0, 0, 0, 1]))
    assert np.isfinite(ridge.scores_without_itself()).all()
    assert ridge.scores(np.ones(5)).argmax() == 0


def test_the_lead_of_a_label_without_rivals_is_its_score() -> None:
    assert leads(np.array([[0.7]])) == pytest.approx([0.7])
    assert leads(np.array([[0.2, 0.9, 0.5]])) == pytest.approx([0.4])
