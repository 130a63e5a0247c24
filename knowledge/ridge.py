"""A regression: labels are scored by the similarity to known texts, also as if one of these were not known."""

import numpy as np
from numpy.typing import NDArray

from knowledge.grams import Floats

Doubles = NDArray[np.float64]
Numbers = NDArray[np.int64]

STIFFNESS = 0.2
"""What a known label may be wrong by, beside a similarity of 1 of a text to itself. 0.1 and 0.4 do the same."""
_NEVER = -1.0
"""The score of a label that could not have been guessed."""


class Ridge:
    """Labels are numbers from 0 on, and each of them has an entry."""

    def __init__(self) -> None:
        self.labels: Numbers = np.zeros(0, dtype=np.int64)
        self._inverse: Floats = np.zeros((0, 0), dtype=np.float32)
        self._weights: Floats = np.zeros((0, 0), dtype=np.float32)

    def solve(self, alike: Floats, labels: Numbers) -> None:
        """Take these entries in the place of all before; `alike` tells how alike each is to each."""
        self.labels = labels
        self._inverse = np.linalg.inv(alike.astype(np.float64) + STIFFNESS * np.eye(len(labels))).astype(np.float32)
        self._weigh()

    def add(self, alike: Doubles, label: int) -> None:
        """One more entry, that alike to the others: the inverse grows by a border."""
        size = len(self.labels)
        row = self._inverse @ alike.astype(np.float32)
        rest = 1 + STIFFNESS - float(alike @ row)
        grown = np.empty((size + 1, size + 1), dtype=np.float32)
        grown[:size, :size] = self._inverse
        grown[:size, :size] += np.outer(row, row / rest)
        grown[size, :size] = grown[:size, size] = -row / rest
        grown[size, size] = 1 / rest
        self._inverse = grown
        self.labels = np.append(self.labels, label)
        self._weigh()

    def scores(self, alike: Doubles) -> Doubles:
        """Of each label, for a text that alike to the entries."""
        return alike @ self._weights

    def scores_without_itself(self) -> Doubles:
        """The scores that each entry would get if it were not known: a row each."""
        own = self._own()
        scores = (own - self._weights / np.diagonal(self._inverse)[:, None]).astype(np.float64)
        single = np.nonzero(own.sum(axis=0)[self.labels] == 1)[0]
        scores[single, self.labels[single]] = _NEVER
        return scores

    def _own(self) -> Floats:
        return np.eye(int(self.labels.max()) + 1, dtype=np.float32)[self.labels]

    def _weigh(self) -> None:
        self._weights = self._inverse @ self._own()


def leads(scores: Doubles) -> Doubles:
    """By how much the first label is before the second, a row of scores each."""
    if scores.shape[1] == 1:
        return scores[:, 0]
    ordered = np.sort(scores, axis=1)
    lead: Doubles = ordered[:, -1] - ordered[:, -2]
    return lead
