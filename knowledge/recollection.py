"""What one organization's tickets taught, and whether that is enough to answer the next one without asking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from knowledge.grams import Floats, Grams, Parts, letters, words
from knowledge.judge import Judge, Rules, evidence
from knowledge.ridge import Doubles, Numbers, Ridge, leads

LONGEST = 4_000
"""Characters of a text that are read."""
VOICES = 10
"""The nearest entries that speak."""
STEEPNESS, STRANGER = 15.0, 0.45
"""An entry's voice grows by e**(this x similarity), and something unknown always speaks against as if it were that
alike. In `knowledge.decision` a stranger has 0.5: three cosines together are lower than the embedding's alone."""
AROUND = 25
"""So many entries nearby tell how well guesses do in this corner. 12 and 50 do the same."""
MOST = 3_000
"""The latest entries, which the regression works with: 36 MB twice, and 25 ms to learn one."""
_ANSWERED = 1_000
"""So many of the latest answers are kept, to see whether a kind of ticket grows that nobody ever confirmed."""
_ROUNDING = 1e-4
"""Vectors of one text differ by less."""
_REDRAW = 20
"""Tickets until the line is drawn anew."""
_FIRST_SOLVED, _FIRST_FIT = 32, 5
_ITSELF = -9.0
"""An entry is no neighbour of itself."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest label, and the probability that it is right by all that was asked before.

    `sure`: the probability is high enough to answer. `chance`: how likely somebody is asked all the same. `answers`:
    nobody is. `evidence` is empty while there is too little to judge by.
    """

    label: str | None
    probability: float
    evidence: tuple[float, ...] = ()
    sure: bool = False
    chance: float = 1.0
    answers: bool = False

    @property
    def is_check(self) -> bool:
        return self.sure and not self.answers


@dataclass(frozen=True, slots=True)
class _Look:
    """A text as the memory sees it beside its entries."""

    text: str
    vector: Floats
    parts: tuple[Parts, ...]
    alike: Doubles


class Recollection:
    """The memory of one organization. Learning the same tickets again in their order, with a seed, makes it anew.

    `embed` makes a vector of length 1 of a text; of the entries it works with the latest, at most `most`. Not for
    several threads at once.
    """

    def __init__(
        self, embed: Callable[[str], Floats], rules: Rules | None = None, *, seed: int = 0, most: int = MOST
    ) -> None:
        self._embed = embed
        self._most = most
        self._judge = Judge(rules or Rules())
        self._dice = Random(seed)  # noqa: S311  # Which answers are checked is no secret.
        self._names: list[str] = []
        self._grams = Grams(words), Grams(letters)
        self._vectors: Floats = np.zeros((0, 0), dtype=np.float32)
        self._alike: Floats = np.zeros((0, 0), dtype=np.float32)
        self._ridge = Ridge()
        self._answered: Floats = np.zeros((0, 0), dtype=np.float32)
        self._said: Numbers = np.zeros(0, dtype=np.int64)
        self._right: Doubles = np.zeros(0)
        self._next_solved, self._next_fit, self._since_drawn = _FIRST_SOLVED, _FIRST_FIT, 0
        self._last: _Look | None = None

    def __len__(self) -> int:
        return len(self._ridge.labels)

    @property
    def line(self) -> float:
        """The probability from which on nobody needs to be asked."""
        return self._judge.line

    def guess(self, text: str, *, ask: bool = False) -> Guess:
        """What the ticket is about. With `ask` somebody will be asked in any case."""
        look = self._last = self._look(text[:LONGEST])
        if not len(self):
            return Guess(None, 0.0)
        label, case = self._judged(look)
        if case is None:
            return Guess(self._names[label], 0.0)
        probability = self._judge.probability(case)
        self._judge.came(case)
        self._since_drawn += 1
        if self._since_drawn >= _REDRAW:
            self._judge.draw_line()
            self._since_drawn = 0
        sure = probability >= self._judge.line
        chance = self._check_chance(look, probability) if sure and not ask else 1.0
        answers = self._dice.random() >= chance
        if answers:
            self._answered = np.vstack([self._answered.reshape(-1, len(look.vector))[1 - _ANSWERED :], look.vector])
        return Guess(self._names[label], probability, tuple(case.tolist()), sure=sure, chance=chance, answers=answers)

    def learn(self, text: str, label: str, guess: Guess | None = None) -> None:
        """A label became known. `guess` is what was said before that, when the label was asked for because of it.

        Without it the label teaches, and says nothing about how often the memory is right: a person who corrects an
        answer nobody asked about does so only when it is wrong.
        """
        text = text[:LONGEST]
        look = self._last if self._last is not None and self._last.text == text else self._look(text)
        self._last = None
        if guess is not None and guess.evidence:
            self._judge.learn(np.array(guess.evidence), right=guess.label == label, chance=guess.chance)
        self._add(look, self._number(label))
        if len(self) >= self._next_solved:
            self._solve()
        if len(self) >= self._next_fit:
            self._fit()

    def learn_all(self, lessons: Sequence[tuple[str, str]]) -> None:
        """Many texts with their labels at once, the oldest first: much faster than one by one."""
        for text, label in lessons[-self._most * 3 // 4 :]:
            look = self._look(text[:LONGEST], compare=False)
            self._vectors = np.vstack([self._vectors.reshape(-1, len(look.vector)), look.vector])
            for grams, parts in zip(self._grams, look.parts, strict=True):
                grams.add(parts)
            self._ridge.labels = np.append(self._ridge.labels, self._number(label))
        if len(self):
            self._solve()
        self._last = None

    def _number(self, label: str) -> int:
        if label not in self._names:
            self._names.append(label)
        return self._names.index(label)

    def _look(self, text: str, *, compare: bool = True) -> _Look:
        vector = self._embed(text)
        parts = tuple(grams.see(text) for grams in self._grams)
        if not compare or not len(self):
            return _Look(text, vector, parts, np.zeros(0))
        cosines = [grams.cosines(own) for grams, own in zip(self._grams, parts, strict=True)]
        return _Look(text, vector, parts, ((self._vectors @ vector + sum(cosines)) / 3).astype(np.float64))

    def _judged(self, look: _Look) -> tuple[int, Doubles | None]:
        """The label's number, and what speaks for it; nothing does when there is one entry alone."""
        scores = self._ridge.scores(look.alike)
        label = int(scores.argmax())
        if len(self) == 1:
            return label, None
        nearest = _largest(look.alike, VOICES)
        loudness = np.exp(STEEPNESS * look.alike[nearest])
        spoken = loudness[self._ridge.labels[nearest] == label].sum() / (loudness.sum() + np.exp(STEEPNESS * STRANGER))
        around = self._right[_largest(look.alike[: len(self._right)], AROUND)]
        kind = self._right[self._said == label]
        return label, evidence(
            lead=leads(scores[None]),
            voices=np.array([spoken]),
            right=np.array([around.sum()]),
            heard=np.array([float(len(around))]),
            kind_right=np.array([kind.sum()]),
            kind=np.array([float(len(kind))]),
        )[0]

    def _check_chance(self, look: _Look, probability: float) -> float:
        """Always, when tickets of this kind were answered and none of them was ever confirmed; else now and then."""
        away = 1 - float((self._vectors @ look.vector).max())
        answered = 1 - self._answered.reshape(-1, len(look.vector)) @ look.vector
        # Less than half as far away as the nearest entry somebody gave a label; the same text again was confirmed.
        if away > _ROUNDING and np.count_nonzero(answered < away / 2) >= self._judge.rules.repeats:
            return 1.0
        return self._judge.check_chance(probability)

    def _add(self, look: _Look, label: int) -> None:
        size = len(self)
        alike = np.ones((size + 1, size + 1), dtype=np.float32)
        alike[:size, :size] = self._alike
        alike[size, :size] = alike[:size, size] = look.alike
        self._alike = alike
        self._vectors = np.vstack([self._vectors.reshape(-1, len(look.vector)), look.vector])
        if size:
            self._ridge.add(look.alike, label)
        else:
            self._ridge.solve(alike, np.array([label]))
        for grams, parts in zip(self._grams, look.parts, strict=True):
            grams.add(parts)

    def _solve(self) -> None:
        """Let the oldest go, take what is rare by now, and solve the regression anew: often at first, then less."""
        drop = len(self) - self._most * 3 // 4 if len(self) >= self._most else 0
        self._vectors = self._vectors[drop:].copy()
        for grams in self._grams:
            grams.forget_first(drop)
            grams.refresh()
        held, labels = np.unique(self._ridge.labels[drop:], return_inverse=True)
        self._names = [self._names[number] for number in held]
        cosines = sum(grams.all_cosines() for grams in self._grams)
        self._alike = ((self._vectors @ self._vectors.T + cosines) / 3).astype(np.float32)
        self._ridge.solve(self._alike, labels)
        self._next_solved = min(self._most, max(_FIRST_SOLVED, len(self) * 3 // 2))
        self._fit()

    def _fit(self) -> None:
        """Judge each entry as if it were not known, and fit the judge to how that came out."""
        size, labels = len(self), self._ridge.labels
        self._next_fit = size + max(3, size // 40)
        if size == 1:
            return
        scores = self._ridge.scores_without_itself()
        self._said = scores.argmax(axis=1)
        self._right = (self._said == labels).astype(np.float64)
        others = self._alike.copy()
        np.fill_diagonal(others, _ITSELF)
        around = min(AROUND, size - 1)
        near = np.argpartition(-others, around - 1, axis=1)[:, :around]
        similar = np.take_along_axis(others, near, axis=1).astype(np.float64)
        order = np.argsort(-similar, axis=1)[:, :VOICES]
        loudness = np.exp(STEEPNESS * np.take_along_axis(similar, order, axis=1))
        agree = labels[np.take_along_axis(near, order, axis=1)] == self._said[:, None]
        kind = np.bincount(self._said, minlength=len(self._names))
        kind_right = np.bincount(self._said, self._right, minlength=len(self._names))
        known = evidence(
            lead=leads(scores),
            voices=(loudness * agree).sum(axis=1) / (loudness.sum(axis=1) + np.exp(STEEPNESS * STRANGER)),
            right=self._right[near].sum(axis=1),
            heard=np.full(size, float(around)),
            kind_right=kind_right[self._said] - self._right,
            kind=(kind[self._said] - 1).astype(np.float64),
        )
        self._judge.fit(known, self._right)


def _largest(numbers: Doubles, count: int) -> Numbers:
    if len(numbers) <= count:
        return np.arange(len(numbers))
    return np.argpartition(-numbers, count)[:count]
