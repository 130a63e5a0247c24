"""Nothing is lost and nothing is done twice when all workers are killed while incidents are in flight."""

import tempfile
from pathlib import Path

import pytest

from tests.play import playing
from tests.story import killing


@pytest.mark.timeout(400)
def test_killed_workers_lose_nothing_and_repeat_nothing() -> None:
    with tempfile.TemporaryDirectory(prefix="tocsin-kill-") as folder, playing(Path(folder) / "data") as play:
        count = killing.run(play, 5, kills=3, within=240)
    assert (count.triaged, count.channels, count.cards, count.tickets) == (5, 5, 5, 5)
    assert (count.twice, count.not_paged) == ([], [])
