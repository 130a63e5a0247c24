"""One running product for all stories of a run."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.play import Play, playing


@pytest.fixture(scope="session")
def play() -> Iterator[Play]:
    with tempfile.TemporaryDirectory(prefix="tocsin-story-") as folder, playing(Path(folder) / "data") as running:
        yield running
