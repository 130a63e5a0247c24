"""The layer of schedules: the real processes of the copy, with the faults of a schedule that is kept, or of a seed.

A seed gives another schedule when the choices change, so the schedule that catches a mutant is kept beside its seed.
"""

import json
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.chaos.kept import Kept
from tests.chaos.runner import HarnessError, Runner
from tests.chaos.schedule import Schedule, schedule
from tests.chaos.tree import Tree
from tests.mutants.outcome import NotRunError, Outcome
from tests.mutants.tree import ROOT

LAYER = "schedules"
FOLDER = Path(__file__).with_name("schedules")


def kept(name: str) -> Schedule | None:
    """The schedule that catches the mutant of that name; None when none is known."""
    file = FOLDER / f"{name}.json"
    return Schedule.of_json(json.loads(file.read_text())) if file.exists() else None


def keep(name: str, caught_by: Schedule) -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(caught_by.as_json(), indent=1) + "\n")


def run(name: str, tree: Path, schedules: Iterable[Schedule], *, keeps: bool = False) -> Outcome:
    """The first of the schedules that breaks an invariant, which is kept when asked. Raises: NotRunError."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tocsin-mutant-runs-", ignore_cleanup_errors=True) as folder:
        where = Path(folder)
        runner = Runner(Tree(tree, name=name, harness=ROOT), where, Kept(where / "kept.jsonl"), shrinks=False)
        by = ""
        try:
            runner._prepare()
            for each in schedules:
                result = runner.once(each, where / "runs" / name / str(each.seed))
                if not result["ok"]:
                    by = f"seed {each.seed}: {', '.join(result['broken'])}"
                    if keeps:
                        keep(name, each)
                    break
        except (HarnessError, AssertionError) as error:
            raise NotRunError(f"{LAYER}: {error}") from error
    return Outcome(LAYER, caught=bool(by), by=by, seconds=time.monotonic() - began)


def of_seeds(first: int, times: int) -> list[Schedule]:
    return [schedule(seed) for seed in range(first, first + times)]
