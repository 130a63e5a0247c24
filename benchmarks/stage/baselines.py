"""Simpler ways to answer from memory, to compare with: the nearest text, a vote, words alone."""

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from knowledge.grams import Floats, Grams, words
from knowledge.recollection import STEEPNESS, VOICES, Guess
from knowledge.ridge import Doubles, Ridge, leads

_REFIT = 20
_STRANGER = 0.5
"""As in `knowledge.decision`."""


class Nearest:
    """What the nearest text was, when it is more alike than `above`."""

    def __init__(self, embed: Callable[[str], Floats], *, above: float) -> None:
        self._embed = embed
        self._above = above
        self._vectors: list[Floats] = []
        self._labels: list[str] = []

    def guess(self, text: str, *, ask: bool = False) -> Guess:
        if not self._labels:
            return Guess(None, 0.0)
        alike = np.array(self._vectors) @ self._embed(text)
        nearest = int(alike.argmax())
        sure = bool(alike[nearest] > self._above)
        return Guess(self._labels[nearest], float(np.clip(alike[nearest], 0, 1)), sure=sure, answers=sure and not ask)

    def learn(self, text: str, label: str, guess: Guess | None = None) -> None:
        self._vectors.append(self._embed(text))
        self._labels.append(label)


class _Calibrated:
    """A score becomes a probability by a straight line of log-odds that is fitted to what was asked."""

    def __init__(self, target: float) -> None:
        self._target = target
        self._scores: list[float] = []
        self._right: list[bool] = []
        self._line = np.array([0.0, 1.0])

    def guess(self, label: str, score: float, *, ask: bool) -> Guess:
        probability = float(1 / (1 + np.exp(-self._line @ np.array([1.0, score]))))
        sure = probability >= self._target
        return Guess(label, probability, (score,), sure=sure, answers=sure and not ask)

    def learn(self, guess: Guess, label: str) -> None:
        self._scores.append(guess.evidence[0])
        self._right.append(guess.label == label)
        if len(self._scores) % _REFIT == 0:
            self._fit()

    def _fit(self) -> None:
        cases = np.column_stack([np.ones(len(self._scores)), self._scores])
        right = np.array(self._right, dtype=np.float64)
        line = np.array([0.0, 1.0])
        for _ in range(20):
            chance = 1 / (1 + np.exp(-np.clip(cases @ line, -30, 30)))
            curvature = (cases * (chance * (1 - chance))[:, None]).T @ cases + 0.1 * np.eye(2)
            step = np.linalg.solve(curvature, cases.T @ (right - chance) - 0.1 * (line - np.array([0.0, 1.0])))
            line = line + np.clip(step, -0.5, 0.5)
        self._line = line


class Vote:
    """Ten neighbours vote, each as loud as `e**(15 x cosine)`; calibrated."""

    def __init__(self, embed: Callable[[str], Floats], *, target: float) -> None:
        self._embed = embed
        self._calibrated = _Calibrated(target)
        self._vectors: list[Floats] = []
        self._labels: list[str] = []

    def guess(self, text: str, *, ask: bool = False) -> Guess:
        if not self._labels:
            return Guess(None, 0.0)
        alike = np.array(self._vectors) @ self._embed(text)
        votes: defaultdict[str, float] = defaultdict(float)
        for number in np.argsort(-alike)[:VOICES]:
            votes[self._labels[number]] += float(np.exp(STEEPNESS * alike[number]))
        best = max(votes, key=votes.__getitem__)
        against = sum(votes.values()) - votes[best] + float(np.exp(STEEPNESS * _STRANGER))
        return self._calibrated.guess(best, float(np.log(votes[best] / against)), ask=ask)

    def learn(self, text: str, label: str, guess: Guess | None = None) -> None:
        self._vectors.append(self._embed(text))
        self._labels.append(label)
        if guess is not None and guess.evidence:
            self._calibrated.learn(guess, label)


class Words:
    """A regression on words (TF-IDF) alone; the calibrated score is the lead of its first label."""

    def __init__(self, *, target: float) -> None:
        self._calibrated = _Calibrated(target)
        self._grams = Grams(words)
        self._ridge = Ridge()
        self._names: list[str] = []
        self._next = 32

    def guess(self, text: str, *, ask: bool = False) -> Guess:
        if not self._names:
            return Guess(None, 0.0)
        scores = self._ridge.scores(self._alike(text))
        lead = float(leads(scores[None])[0])
        return self._calibrated.guess(self._names[int(scores.argmax())], 4 * lead - 2, ask=ask)

    def learn(self, text: str, label: str, guess: Guess | None = None) -> None:
        if label not in self._names:
            self._names.append(label)
        number = self._names.index(label)
        if len(self._ridge.labels):
            self._ridge.add(self._alike(text), number)
        else:
            self._ridge.solve(np.ones((1, 1), dtype=np.float32), np.array([number]))
        self._grams.add(self._grams.see(text))
        if len(self._ridge.labels) >= self._next:
            self._grams.refresh()
            self._ridge.solve(self._grams.all_cosines(), self._ridge.labels)
            self._next = self._next * 3 // 2
        if guess is not None and guess.evidence:
            self._calibrated.learn(guess, label)

    def _alike(self, text: str) -> Doubles:
        return self._grams.cosines(self._grams.see(text)).astype(np.float64)
