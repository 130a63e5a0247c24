"""A copy of the checkout for a mutant to live in; the interpreter and its libraries stay where they are."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mutants.mutant import Mutant

ROOT = Path(__file__).parent.parent.parent
LEFT_OUT = shutil.ignore_patterns(".?*", "__pycache__", "*.pyc")
"""Everything that begins with a dot: the virtual environment, data, git, caches."""


@contextmanager
def mutated(mutant: Mutant) -> Iterator[Path]:
    """The checkout with that bug in it, until the block ends. Raises: OutOfDateError."""
    with tempfile.TemporaryDirectory(prefix="tocsin-mutant-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        mutant.apply(tree)
        yield tree
