"""Runs schedules as processes of their own, several at once, and shrinks those that fail."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from threading import Lock as Turn

from app.services.lock import Lock
from tests.chaos.facts import Json
from tests.chaos.kept import Kept
from tests.chaos.schedule import Schedule, schedule
from tests.chaos.shrinking import shrunk
from tests.chaos.stack import Stack
from tests.chaos.tree import Tree

LONGEST_RUN = 600.0
SHRINK_TRIES = 24


class HarnessError(Exception):
    """Not the product but this harness failed; the text is what it said last."""


class Runner:
    """Runs are in `folder/runs/TREE/SEED`; those that went well are removed. One runner at a time has that folder."""

    def __init__(self, tree: Tree, folder: Path, kept: Kept, *, shrinks: bool) -> None:
        self._tree = tree
        self._runs = folder.absolute() / "runs" / tree.name
        self._prepared = self._runs / "prepared"
        self._kept = kept
        self._shrinks = shrinks
        self._over = Event()
        self._say = Turn()

    def run(self, seeds: Sequence[int], *, at_once: int, first_failure: bool, again: bool = False) -> None:
        """Those that have a result are not run anew, unless asked for."""
        known = set() if again else {result["seed"] for result in self._kept.results()}
        left = [seed for seed in seeds if seed not in known]
        if not left:
            return
        self._runs.mkdir(parents=True, exist_ok=True)
        with Lock(self._runs), ThreadPoolExecutor(at_once) as pool:
            self._prepare()
            for _ in pool.map(lambda seed: self._seed(seed, first_failure=first_failure), left):
                continue

    def _prepare(self) -> None:
        """Database, memory and model, made once and copied for each run."""
        if (self._prepared / "ready").exists():
            return
        for name in ("prepared", "prepared-servers"):
            shutil.rmtree(self._runs / name, ignore_errors=True)
        with Stack(self._prepared, tree=self._tree.path, seed=0, sound=True):
            self._tell("prepared")
        for name in ("ledger.jsonl", "sandbox-state.db"):
            (self._prepared / name).unlink(missing_ok=True)
        (self._prepared / "ready").touch()

    def _seed(self, seed: int, *, first_failure: bool) -> None:
        if self._over.is_set():
            return
        folder = self._runs / str(seed)
        asked = schedule(seed)
        try:
            result = self.once(asked, folder)
        except HarnessError as error:
            self._tell(f"seed {seed} could not be played: {error}")
            return
        if not result["ok"]:
            self._tell(f"seed {seed} FAILED: {json.dumps(result['broken'])[:1500]}")
            self._tell(f"  again: make chaos SEED={seed} N=1   its files: {folder}")
            if first_failure:
                self._over.set()
            if self._shrinks:
                result["shrunk"] = self._shrink(asked, set(result["broken"]))
        else:
            self._tell(f"seed {seed} ok: {result['reports']} reports, {result['calls']} calls, {result['seconds']} s")
            shutil.rmtree(folder, ignore_errors=True)
        self._kept.add(result)

    def once(self, asked: Schedule, folder: Path) -> Json:
        """One run in a process of its own. Raises: HarnessError when the harness itself does not get through."""
        began = time.monotonic()
        for attempt in range(2):
            shutil.rmtree(folder, ignore_errors=True)
            folder.parent.mkdir(parents=True, exist_ok=True)
            written = folder.with_suffix(".schedule.json")
            written.write_text(json.dumps(asked.as_json()))
            command = [sys.executable, "-m", "tests.chaos.one", str(written), str(folder)]
            command += ["--tree", str(self._tree.path), "--prepared", str(self._prepared)]
            with folder.with_suffix(".out").open("wb") as output:
                done = subprocess.run(
                    command,
                    cwd=self._tree.harness,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                    timeout=LONGEST_RUN,
                    env={**os.environ, "PYTHONPATH": str(self._tree.harness)},
                )
            if (folder / "result.json").exists():
                result: Json = json.loads((folder / "result.json").read_text())
                result["whole_seconds"] = round(time.monotonic() - began, 1)
                return result
            self._tell(f"seed {asked.seed}: the harness ended with {done.returncode} (try {attempt + 1})")
        raise HarnessError(folder.with_suffix(".out").read_text()[-3000:])

    def _shrink(self, asked: Schedule, broken: set[str]) -> Json:
        """Fewer acts and faults that still break one of the same invariants."""
        folder = self._runs / f"{asked.seed}-shrinking"
        tries = 0

        def fails(fewer: Schedule) -> bool:
            nonlocal tries
            tries += 1
            try:
                return bool(broken & set(self.once(fewer, folder)["broken"]))
            except HarnessError:
                return False

        least = shrunk(asked, self._bounded(fails))
        self._tell(f"seed {asked.seed} shrunk in {tries} tries to {json.dumps(least.as_json())}")
        return least.as_json()

    def _bounded(self, fails: Callable[[Schedule], bool]) -> Callable[[Schedule], bool]:
        left = SHRINK_TRIES

        def bounded(fewer: Schedule) -> bool:
            nonlocal left
            left -= 1
            return left >= 0 and fails(fewer)

        return bounded

    def _tell(self, line: str) -> None:
        with self._say:
            sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
            sys.stdout.flush()
