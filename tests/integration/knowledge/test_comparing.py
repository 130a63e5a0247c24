"""Whether two reports read like the same trouble: how often that is right, and what it costs."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.comparing import EmbeddingComparer
from knowledge.embedding import Embedder
from tests.integration.knowledge.pairs import ALIKE, SAME


@pytest.fixture
def comparer(embedder: Embedder) -> EmbeddingComparer:
    return EmbeddingComparer(embedder)


def asked(comparer: EmbeddingComparer, pairs: list[tuple[str, str]]) -> int:
    return sum(bool(comparer.alike(one, {41: other})) for one, other in pairs)


def test_what_the_decision_says_of_the_line_is_so(comparer: EmbeddingComparer) -> None:
    """docs/decisions/0075-already-open.md: of 25 that are the same 14 are asked about, of 27 that are not 7."""
    assert (len(SAME), asked(comparer, SAME)) == (25, 14)
    assert (len(ALIKE), asked(comparer, ALIKE)) == (27, 7)


def test_what_has_nothing_to_do_with_each_other_is_not_asked_about(comparer: EmbeddingComparer) -> None:
    reports = [one for one, _ in SAME[2:]]
    others = dict(enumerate(reports))
    assert [number for report in reports for number, _ in comparer.alike(report, others)] == list(others)


def test_the_most_similar_comes_first(comparer: EmbeddingComparer) -> None:
    others = {1: "db-3: no space left on device", 2: "the coffee machine is broken", 3: "disk full on db-3"}
    found = comparer.alike("disk is full on db-3", others)
    assert [number for number, _ in found] == [3, 1]
    assert all(cosine <= 1 for _, cosine in found)


@pytest.mark.parametrize("text", ["", "\x00", "🙈" * 300, "word " * 60])
def test_no_text_is_too_strange(comparer: EmbeddingComparer, text: str) -> None:
    assert comparer.alike(text, {1: text})[0][1] == pytest.approx(1, abs=1e-5)


def test_what_was_read_before_is_not_read_again(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    embed = embedder.embed

    def noted(texts: Sequence[str]) -> NDArray[np.float32]:
        read.extend(texts)
        return embed(texts)

    monkeypatch.setattr(embedder, "embed", noted)
    comparer = EmbeddingComparer(embedder)
    others = {1: "disk full on db-3", 2: "search is slow"}
    for text in ("Checkout returns 502", "disk is full", "disk is full"):
        comparer.alike(text, others)
    assert sorted(read) == ["Checkout returns 502", "disk full on db-3", "disk is full", "search is slow"]
