"""How alike texts are by their words and by their letters: an index that grows by one text at a time."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Parts = tuple[NDArray[np.int32], Floats]
"""The parts of a text by their hash, and how much each counts by the text alone."""

BUCKETS = 1 << 18
"""Parts are known by a hash; among 262,144 few of an organization's collide."""
_COMMON = 64
"""A part that more texts have than this is compared in a dense matrix, others pair by pair: what is faster."""
_COLUMNS = 2_048


def words(text: str) -> Iterator[str]:
    """Words and pairs of words. Any number is as good as another: alerts differ in nothing else."""
    found = _words(text)
    yield from found
    for first, second in pairwise(found):
        yield f"{first} {second}"


def letters(text: str) -> Iterator[str]:
    """Three to five letters in a row, within a word and its edges: inflections, compounds, writing without spaces."""
    for word in dict.fromkeys(_words(text)):
        edged = f" {word} "
        for length in (3, 4, 5):
            for start in range(max(1, len(edged) - length + 1)):
                yield edged[start : start + length]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"\d+", "0", text.lower()))


class Grams:
    """Cosines (TF-IDF) between a text and all that were added.

    What is rare counts more. How rare is counted over every text that was seen, and taken over at each `refresh`, so
    that all numbers in between fit together.
    """

    def __init__(self, parts: Callable[[str], Iterator[str]]) -> None:
        self._parts = parts
        self._seen: Floats = np.zeros(BUCKETS, dtype=np.float32)
        self._texts = 0
        self._rarity: Floats = np.ones(BUCKETS, dtype=np.float32)
        self._buckets = np.zeros(1_024, dtype=np.int32)
        self._weights: Floats = np.zeros(1_024, dtype=np.float32)
        self._starts: list[int] = []
        self._used = 0
        self._norms: Floats = np.zeros(0, dtype=np.float32)
        self._query: Floats = np.zeros(BUCKETS, dtype=np.float32)

    def see(self, text: str) -> Parts:
        """The text's parts, to be given to the other methods; they count as seen. A text without any has one: none."""
        counted = Counter(crc32(part.encode(errors="replace")) % BUCKETS for part in self._parts(text)) or Counter([0])
        buckets = np.fromiter(counted, dtype=np.int32, count=len(counted))
        weights = 1 + np.log(np.fromiter(counted.values(), dtype=np.float32, count=len(counted)))
        self._seen[buckets] += 1
        self._texts += 1
        return buckets, weights

    def cosines(self, parts: Parts) -> Floats:
        """To each text that was added, in its order."""
        if not self._starts:
            return np.zeros(0, dtype=np.float32)
        buckets, weights = parts
        self._query[buckets] = weights * self._rarity[buckets] ** 2 / self._norm(parts)
        products = self._query[self._buckets[: self._used]] * self._weights[: self._used]
        self._query[buckets] = 0
        sums: Floats = np.add.reduceat(products, self._starts)
        return sums / self._norms

    def add(self, parts: Parts) -> None:
        buckets, weights = parts
        end = self._used + len(buckets)
        if end > len(self._buckets):
            self._buckets, self._weights = np.resize(self._buckets, 2 * end), np.resize(self._weights, 2 * end)
        self._buckets[self._used : end], self._weights[self._used : end] = buckets, weights
        self._starts.append(self._used)
        self._used = end
        self._norms = np.append(self._norms, np.float32(self._norm(parts)))

    def refresh(self) -> None:
        """Take what is rare by now."""
        self._rarity = (np.log((1 + self._texts) / (1 + self._seen)) + 1).astype(np.float32)
        squares = (self._weights[: self._used] * self._rarity[self._buckets[: self._used]]) ** 2
        if self._starts:
            self._norms = np.sqrt(np.add.reduceat(squares, self._starts)).astype(np.float32)

    def forget_first(self, count: int) -> None:
        cut = self._starts[count] if count < len(self._starts) else self._used
        self._buckets, self._weights = self._buckets[cut : self._used].copy(), self._weights[cut : self._used].copy()
        self._used -= cut
        self._starts = [start - cut for start in self._starts[count:]]
        self._norms = self._norms[count:]

    def all_cosines(self) -> Floats:
        """Of each text that was added to each: (texts, texts)."""
        size = len(self._starts)
        alike = np.zeros((size, size), dtype=np.float32)
        buckets = self._buckets[: self._used]
        order = np.argsort(buckets, kind="stable")
        texts = np.repeat(np.arange(size), np.diff([*self._starts, self._used]))
        values = ((self._weights[: self._used] * self._rarity[buckets]) / self._norms[texts])[order]
        texts = texts[order]
        _, first, count = np.unique(buckets[order], return_index=True, return_counts=True)
        for having in range(2, _COMMON + 1):
            rows = first[count == having][:, None] + np.arange(having)
            pairs = texts[rows][:, :, None] * size + texts[rows][:, None, :]
            np.add.at(alike.reshape(-1), pairs, values[rows][:, :, None] * values[rows][:, None, :])
        common = np.nonzero(count > _COMMON)[0]
        for start in range(0, len(common), _COLUMNS):
            columns = common[start : start + _COLUMNS]
            dense = np.zeros((size, len(columns)), dtype=np.float32)
            for column, of in enumerate(columns):
                here = slice(first[of], first[of] + count[of])
                dense[texts[here], column] = values[here]
            alike += dense @ dense.T
        np.fill_diagonal(alike, 1)
        return alike

    def _norm(self, parts: Parts) -> float:
        buckets, weights = parts
        return float(np.linalg.norm(weights * self._rarity[buckets]))
