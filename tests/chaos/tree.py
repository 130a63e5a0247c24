"""Which source of the product is run: the commit that is checked out, copied aside, safe from anybody's editing."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tree:
    """`name` says which results belong together: those of the same code. `harness` is whose `tests.chaos` plays it."""

    path: Path
    name: str
    harness: Path


def commit_of(root: Path) -> str:
    told = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=root, capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


def export(root: Path, commit: str, folder: Path) -> Path:
    """The commit's files, as they were committed; made once."""
    target = folder / commit
    if not target.exists():
        draft = folder / f"{commit}.new"
        draft.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(["git", "archive", commit], cwd=root, capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", str(draft)], input=archive, check=True)
        draft.rename(target)
    return target
