"""From evidence to a probability that is checked against outcomes, and to the line above which nobody is asked."""

from collections import deque
from dataclasses import dataclass
from math import sqrt

import numpy as np

from knowledge.ridge import Doubles

KINDS = 5
"""A row of evidence: a constant, the lead, the voices, the neighbourhood, the kind (see `evidence`)."""
_PRIOR = np.array([0.0, 1.0, 1.0, 1.0, 1.0])
"""Before anything is known each kind of evidence counts alike: a step of log-odds a unit."""
_PRIOR_WEIGHT = np.array([0.1, 1.0, 1.0, 1.0, 1.0])
"""As if each had been seen once; the general level is left to the outcomes."""
NOBODY = 2.0
"""A line that no probability reaches."""
_OUTCOMES = 2_000
"""More than that are older than six half-lives."""
_MOST_CHECKED = 0.5
_STEPS, _CLOSE = 30, 1e-3


@dataclass(frozen=True, slots=True)
class Rules:
    """How careful the memory is; docs/decisions/0070-a-probability-from-outcomes.md tells where each number is from.

    `target` is the share of right answers, of all that memory gives. The others are:
    `caution`: how many standard errors the share of right outcomes above the line is lowered by.
    `patience`: so many outcomes above the line count as much as what the probabilities say of themselves.
    `memory`: after so many outcomes one counts half.
    `recent`: the line is drawn for tickets like the last ones, so many of them.
    `own`: what would have been said of an entry without it counts less than what was said of a ticket that came.
    `checks`: the share of tickets at 0.977 that are asked about although the memory is sure; see `check_chance`.
    `heaviest`: a check stands for tickets like it that were not checked, yet for no more than so many.
    `repeats`: after so many answers of a kind that nobody ever confirmed, the next one is asked about.
    """

    target: float = 0.95
    caution: float = 1.0
    patience: float = 60.0
    memory: float = 300.0
    recent: int = 500
    own: float = 0.25
    checks: float = 0.08
    heaviest: float = 10.0
    repeats: int = 2


def evidence(
    *, lead: Doubles, voices: Doubles, right: Doubles, heard: Doubles, kind_right: Doubles, kind: Doubles
) -> Doubles:
    """What speaks for guesses, in units of log-odds, a row for each of them.

    `lead` is by how much the regression's first label leads, `voices` the label's share among the loudest neighbours;
    `right` of `heard` entries nearby and `kind_right` of `kind` entries with the same guess would have been guessed
    rightly if they had not been known.
    """
    return np.column_stack(
        [
            np.ones(len(lead)),
            4 * lead - 2,
            np.log((voices + 0.02) / (1.02 - voices)) / 2,
            np.log((right + 1) / (heard - right + 1)) / 1.5 - 0.5,
            np.log((kind_right + 1) / (kind - kind_right + 1)) / 1.5 - 0.7,
        ]
    )


class Judge:
    """Learns from outcomes how far the evidence can be trusted."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._outcomes: deque[tuple[Doubles, bool, float]] = deque(maxlen=_OUTCOMES)
        self._came: deque[Doubles] = deque(maxlen=rules.recent)
        self._known: Doubles = np.zeros((0, KINDS))
        self._known_right: Doubles = np.zeros(0)
        self._slopes = _PRIOR.copy()
        self.line = NOBODY
        """Nobody needs to be asked about a ticket whose probability is at least this."""

    def probability(self, case: Doubles) -> float:
        return float(_logistic(case @ self._slopes))

    def came(self, case: Doubles) -> None:
        """A ticket with that evidence came, whoever answers it."""
        self._came.append(case)

    def check_chance(self, probability: float) -> float:
        """How often a sure answer is asked about: the more it may vary, for there the checks teach the most."""
        return min(_MOST_CHECKED, self.rules.checks * sqrt(probability * (1 - probability)) / 0.15)

    def learn(self, case: Doubles, *, right: bool, chance: float) -> None:
        """A guess was compared with a label that was asked for with that chance."""
        self._outcomes.append((case, right, min(1 / max(chance, 1e-9), self.rules.heaviest)))

    def fit(self, known: Doubles, right: Doubles) -> None:
        """Fit to the outcomes and to the entries, each judged as if it were not `known`."""
        self._known, self._known_right = known, right
        cases, outcomes, weights = self._samples()
        self._slopes = _fit(cases, outcomes, weights, start=self._slopes)
        self.draw_line()

    def draw_line(self) -> None:
        """As low as the target allows, both by what the probabilities promise and by the outcomes above the line."""
        if not self._came or not len(self._known):
            return
        levels = np.sort(_logistic(np.array(self._came) @ self._slopes))[::-1]
        promised = np.cumsum(levels) / np.arange(1, len(levels) + 1)
        enough = np.nonzero(np.minimum(promised, self._kept(levels, promised)) >= self.rules.target)[0]
        self.line = float(levels[enough[-1]]) if len(enough) else NOBODY

    def _kept(self, levels: Doubles, promised: Doubles) -> Doubles:
        """The share of right outcomes above each level, shrunk towards the promise and less what chance may hide."""
        cases, outcomes, weights = self._samples()
        reached = _logistic(cases @ self._slopes)
        order = np.argsort(-reached)
        above = np.searchsorted(-reached[order], -levels, side="right")
        weight, right, square = (
            np.append(0, np.cumsum(numbers[order]))[above] for numbers in (weights, weights * outcomes, weights**2)
        )
        patience = self.rules.patience
        kept = (right + patience * promised) / (weight + patience)
        size = weight**2 / np.maximum(square, 1e-9) + patience
        lowered: Doubles = kept - self.rules.caution * np.sqrt(np.maximum(kept * (1 - kept), 1e-4) / size)
        return lowered

    def _samples(self) -> tuple[Doubles, Doubles, Doubles]:
        """Cases, whether each was right, and how much it counts: the entries, and after them the outcomes."""
        cases = np.array([case for case, _, _ in self._outcomes]).reshape(-1, KINDS)
        right = np.array([float(right) for _, right, _ in self._outcomes])
        weights = np.array([weight for _, _, weight in self._outcomes]) * self._fading(len(cases))
        own = self.rules.own * self._fading(len(self._known))
        return np.vstack([self._known, cases]), np.append(self._known_right, right), np.append(own, weights)

    def _fading(self, count: int) -> Doubles:
        fading: Doubles = 0.5 ** (np.arange(count)[::-1] / self.rules.memory)
        return fading


def _fit(cases: Doubles, right: Doubles, weights: Doubles, *, start: Doubles) -> Doubles:
    """The slopes of a logistic regression, held near the prior, by Newton's method with steps that never lose."""

    def loss(slopes: Doubles) -> float:
        odds = cases @ slopes
        missed = weights @ (np.logaddexp(0, odds) - right * odds)
        return float(missed + _PRIOR_WEIGHT @ (slopes - _PRIOR) ** 2 / 2)

    slopes, lost = start, loss(start)
    for _ in range(_STEPS):
        chance = _logistic(cases @ slopes)
        curvature = (cases * (weights * chance * (1 - chance))[:, None]).T @ cases + np.diag(_PRIOR_WEIGHT)
        slope = cases.T @ (weights * (right - chance)) - _PRIOR_WEIGHT * (slopes - _PRIOR)
        step = np.linalg.solve(curvature, slope)
        while (now := loss(slopes + step)) > lost and np.abs(step).max() > _CLOSE:
            step /= 2
        if np.abs(step).max() <= _CLOSE:
            break
        slopes, lost = slopes + step, now
    return slopes


def _logistic(odds: Doubles) -> Doubles:
    chance: Doubles = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return chance
