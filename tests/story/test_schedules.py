"""Five schedules of faults over the real processes: nothing lost, nothing twice, no step missed, no call too late."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.kept import Kept
from tests.chaos.runner import Runner
from tests.chaos.tree import Tree

ROOT = Path(__file__).parent.parent.parent
SEEDS = (8, 16, 66, 103, 111)
"""Chosen so that nearly every kind of act and fault is in one of them."""
AT_ONCE = 3
"""They wait for leases and for phones most of the time."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Kept when it is looked at: a failed schedule names its files."""
    made = Path(tempfile.mkdtemp(prefix="tocsin-chaos-"))
    yield made
    if not list(made.glob("runs/*/*/facts.json")):
        shutil.rmtree(made)


@pytest.mark.timeout(400)
def test_five_schedules_break_nothing(folder: Path) -> None:
    kept = Kept(folder / "results.jsonl")
    Runner(Tree(ROOT, name="here", harness=ROOT), folder, kept, shrinks=False).run(
        SEEDS, at_once=AT_ONCE, first_failure=False
    )
    results = {result["seed"]: result for result in kept.results()}
    assert sorted(results) == sorted(SEEDS)
    broken = {seed: result["broken"] for seed, result in results.items() if result["broken"]}
    assert broken == {}, f"{json.dumps(broken, indent=1)}\nagain: make chaos SEED=<seed> N=1; files: {folder}"
    assert sum(result["calls"] for result in results.values()) > 0
    assert sum(sum(result["faults"].values()) for result in results.values()) > 0
