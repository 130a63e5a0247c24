"""Whether two reports are of the same trouble, by the cosine of their meaning."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder

SAME = 0.62
"""From this cosine on people are asked; see docs/decisions/0075-already-open.md for what is right and wrong there."""
_KEPT = 2_000


class EmbeddingComparer:
    """May be used by several threads. What was read once is kept while there is room: open incidents come up again."""

    def __init__(self, embedder: Embedder) -> None:
        @lru_cache(maxsize=_KEPT)
        def vector(text: str) -> NDArray[np.float32]:
            row: NDArray[np.float32] = embedder.embed([text])[0]
            return row

        self._vector = vector

    def alike(self, text: str, others: Mapping[int, str]) -> Sequence[tuple[int, float]]:
        """Raises: PermanentError when the model is not installed."""
        wanted = self._vector(text)
        near = [(number, min(1.0, float(wanted @ self._vector(other)))) for number, other in others.items()]
        return sorted((each for each in near if each[1] >= SAME), key=lambda each: -each[1])
