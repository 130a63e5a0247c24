"""`make chaos N=200 SEED=1`: plays schedules on several stacks side by side, keeps what they gave, and reports."""

import argparse
import os
import sys
from pathlib import Path

from app.services.lock import AlreadyRunning
from tests.chaos.kept import Kept
from tests.chaos.report import report
from tests.chaos.runner import Runner
from tests.chaos.tree import Tree, commit_of, export

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".testdata" / "chaos"


def main() -> int:
    asked = _parser().parse_args()
    if asked.tree is None:
        commit = commit_of(ROOT)
        path = export(ROOT, commit, asked.folder.absolute() / "trees")
        tree = Tree(path, name=commit, harness=path)
    else:
        tree = Tree(asked.tree.absolute(), name=asked.name or _name_of(asked.tree), harness=ROOT)
    kept = Kept(asked.folder / f"{tree.name}.jsonl")
    runner = Runner(tree, asked.folder, kept, shrinks=asked.shrink)
    seeds = range(asked.seed, asked.seed + asked.n)
    try:
        runner.run(seeds, at_once=asked.at_once, first_failure=asked.first_failure, again=asked.again)
    except AlreadyRunning:
        sys.stderr.write(
            f"Another run of {tree.name} is going on in {asked.folder}. Take another --name or --folder.\n"
        )
        return 2
    results = [result for result in kept.results() if result["seed"] in seeds]
    text, line = report(results, wanted=len(seeds), tree=tree.name)
    (asked.folder / f"{tree.name}.md").write_text(text)
    sys.stdout.write(f"{text}\n{line}\n")
    return 0 if all(result["ok"] for result in results) and len(results) == len(seeds) else 1


def _name_of(tree: Path) -> str:
    """A tree of somebody's has no commit to go by."""
    return f"tree-{tree.absolute().name}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("-n", type=int, default=1, help="how many seeds")
    parser.add_argument("--seed", type=int, default=1, help="the first of them")
    parser.add_argument("--at-once", type=int, default=3, help="how many stacks side by side")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where trees, runs and results are kept")
    parser.add_argument("--tree", type=Path, help="the product's source to run instead of this commit's")
    parser.add_argument("--name", help="what results of that tree are kept under")
    parser.add_argument("--first-failure", action="store_true", help="stop at the first seed that fails")
    parser.add_argument("--again", action="store_true", help="play seeds anew that have a result")
    parser.add_argument("--shrink", action=argparse.BooleanOptionalAction, default=True, help="shrink what fails")
    return parser


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
