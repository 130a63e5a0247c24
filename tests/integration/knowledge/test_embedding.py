"""The embedding model is what its weights say, and it loads and builds as promised."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import Embedder
from knowledge.embedding_model import NAME, ensure_model
from tests.integration.knowledge.reference import Reference

TEXTS = [
    "disk full on db-3",
    "",
    "Zahlungen schlagen fehl, 支付失败 🙈",
    "FATAL: sorry, too many clients already (SQLSTATE 53300)",
    "the shop's API answers with errors and its log is full of timeouts " * 6,
    "word " * 400,
]


@pytest.fixture(scope="module")
def expected() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    reference = Reference()
    return np.stack([reference.embed(text) for text in TEXTS])


def test_it_agrees_with_a_plain_forward_pass(
    embedder: Embedder, expected: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), 384)
    assert rows.dtype == np.float32
    assert np.abs(rows - expected).max() < 1e-5


def test_a_text_alone_and_in_a_batch_are_the_same(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS * 4)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.abs(together - np.tile(alone, (4, 1))).max() < 1e-5


def test_every_row_has_length_1(embedder: Embedder) -> None:
    assert np.linalg.norm(embedder.embed(TEXTS), axis=1) == pytest.approx(1, abs=1e-5)


def test_no_text_gives_no_row(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_alike_is_nearer_than_unlike(embedder: Embedder) -> None:
    report, alike, unlike = embedder.embed(["database down", "postgres refuses connections", "the lift is stuck"])
    assert report @ alike > report @ unlike


def test_threads_get_the_same_rows(embedder: Embedder) -> None:
    once = embedder.embed(TEXTS)
    fresh = Embedder(embedder._folder)
    with ThreadPoolExecutor(4) as pool:
        for rows in pool.map(lambda _: fresh.embed(TEXTS), range(8)):
            assert np.abs(rows - once).max() < 1e-6


def test_it_is_built_once_even_by_several_at_a_time(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        models = list(pool.map(lambda _: ensure_model(tmp_path), range(2)))
    assert models == [tmp_path / NAME] * 2
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert sorted(path.name for path in models[0].iterdir()) == ["model.onnx", "tokenizer.json"]


def test_it_tells_nobody_and_writes_nothing_into_the_home_folder(embedder: Embedder, tmp_path: Path) -> None:
    embedder.embed(["so that the model is there"])
    program = "import sys; from pathlib import Path; from knowledge.embedding import Embedder; "
    program += "Embedder(Path(sys.argv[1])).embed(['disk full'])"
    command = [sys.executable, "-c", program, str(embedder._folder)]
    subprocess.run(command, env={"HOME": str(tmp_path), "TMPDIR": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []
