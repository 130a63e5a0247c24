"""The layer of schedules: the real processes of the copy, with the faults of one seed or of the first so many."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutants.outcome import NotRunError, Outcome
from tests.mutants.tree import ROOT

LAYER = "schedules"
AT_ONCE = 2


def run(name: str, tree: Path, *, seed: int, seeds: int = 1) -> Outcome:
    """The first of those seeds whose schedule breaks an invariant. Raises: NotRunError."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tocsin-mutant-runs-", ignore_cleanup_errors=True) as folder:
        what = ["-n", str(seeds), "--seed", str(seed), "--at-once", str(min(seeds, AT_ONCE))]
        where = ["--tree", str(tree), "--name", name, "--folder", folder]
        command = [sys.executable, "-m", "tests.chaos", *what, *where, "--first-failure", "--no-shrink"]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        kept = Path(folder) / f"{name}.jsonl"
        results = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    if not results:
        raise NotRunError(f"{LAYER}: ended with {ended.returncode}\n{(ended.stdout + ended.stderr)[-3000:]}")
    bad = min((result for result in results if not result["ok"]), key=lambda result: result["seed"], default=None)
    by = f"seed {bad['seed']}: {', '.join(bad['broken'])}" if bad else ""
    return Outcome(LAYER, caught=bad is not None, by=by, seconds=time.monotonic() - began)
