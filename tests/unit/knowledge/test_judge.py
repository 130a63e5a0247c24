"""A probability is worth what outcomes say; the line never goes below what they allow."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.judge import NOBODY, Judge, Rules, evidence
from knowledge.ridge import Doubles


def cases(count: int, seed: int = 1) -> Doubles:
    """Evidence from none to very much."""
    dice = np.random.default_rng(seed)
    heard = np.full(count, 25.0)
    return evidence(
        lead=dice.uniform(0, 1.2, count),
        voices=dice.uniform(0, 1, count),
        right=np.floor(dice.uniform(0, 26, count)),
        heard=heard,
        kind_right=np.floor(dice.uniform(0, 26, count)),
        kind=heard,
    )


def judged(known: Doubles, right: Doubles, *, target: float = 0.95) -> Judge:
    judge = Judge(Rules(target=target))
    for case, outcome in zip(known, right, strict=True):
        judge.learn(case, right=bool(outcome), chance=1.0)
        judge.came(case)
    judge.fit(known, right)
    return judge


def test_nobody_is_believed_before_anything_is_known() -> None:
    judge = Judge(Rules())
    judge.came(cases(1)[0])
    judge.draw_line()
    assert judge.line == NOBODY


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 25), st.integers(0, 9))
def test_more_evidence_is_never_worth_less_at_the_start(lead: float, voices: float, right: int, kind: int) -> None:
    def probability(lead: float, voices: float, right: float, kind: float) -> float:
        numbers = {"lead": lead, "voices": voices, "right": right, "heard": 26.0, "kind_right": kind, "kind": 10.0}
        return Judge(Rules()).probability(evidence(**{name: np.array([one]) for name, one in numbers.items()})[0])

    base = probability(lead, voices, right, kind)
    assert 0 < base < 1
    assert probability(lead + 0.1, voices, right, kind) >= base
    assert probability(lead, min(1, voices + 0.1), right, kind) >= base
    assert probability(lead, voices, right + 1, kind) >= base
    assert probability(lead, voices, right, kind + 1) >= base


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.3, 1.0), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_line_never_drops_below_what_outcomes_allow(seed: int, quality: float, target: float) -> None:
    """Of the outcomes above the line at least the target's share is right, whatever the evidence promised."""
    known = cases(300, seed)
    dice = np.random.default_rng(seed)
    right = (dice.uniform(size=300) < np.where(known[:, 1] > 0, quality, quality / 2)).astype(np.float64)
    judge = judged(known, right, target=target)
    above = np.array([judge.probability(case) for case in known]) >= judge.line
    # The patience believes the promise as much as 60 outcomes, so that a few may be wrong where few lie above.
    assert (right[above].sum() + 60) / (above.sum() + 60) >= target if above.any() else judge.line <= NOBODY


def test_evidence_that_is_right_half_of_the_time_is_never_enough() -> None:
    known = cases(400)
    assert judged(known, np.random.default_rng(2).integers(0, 2, 400).astype(np.float64)).line == NOBODY


def test_a_memory_that_is_always_right_where_it_is_clear_answers_there() -> None:
    known = cases(400)
    right = (known[:, 1] > -1).astype(np.float64)
    judge = judged(known, right)
    assert judge.line < 1
    sure = np.array([judge.probability(case) for case in known]) >= judge.line
    assert sure.mean() > 0.2
    assert right[sure].mean() >= 0.95


def test_a_higher_target_never_draws_a_lower_line() -> None:
    known = cases(400)
    right = (np.random.default_rng(3).uniform(size=400) < 1 / (1 + np.exp(-3 * known[:, 1]))).astype(np.float64)
    lines = [judged(known, right, target=target).line for target in (0.8, 0.9, 0.95, 0.99)]
    assert lines == sorted(lines)


def test_checks_that_go_wrong_raise_the_line() -> None:
    known = cases(400)
    judge = judged(known, (known[:, 1] > -1).astype(np.float64))
    clear = known[known[:, 1] > 1]
    before = judge.line
    for case in clear[:20]:
        judge.learn(case, right=False, chance=0.08)
    judge.draw_line()
    assert judge.line > before


@given(st.floats(0, 1))
def test_a_check_is_possible_and_never_likely(probability: float) -> None:
    assert 0 <= Judge(Rules()).check_chance(probability) <= 0.5


def test_a_check_stands_for_no_more_than_ten() -> None:
    rare, tenth = Judge(Rules()), Judge(Rules())
    known, right = cases(50), np.ones(50)
    for judge, chance in ((rare, 1e-6), (tenth, 0.1)):
        judge.learn(known[0], right=False, chance=chance)
        judge.fit(known, right)
    assert rare.probability(known[1]) == pytest.approx(tenth.probability(known[1]))
