"""A mutant: one bug that somebody could write, as replacements of text in a copy of the tree."""

from dataclasses import dataclass
from pathlib import Path


class OutOfDateError(Exception):
    """The text that a mutant replaces is not there exactly once: the code has changed, and the mutant must follow."""


@dataclass(frozen=True, slots=True)
class Change:
    """`old` stands exactly once in `file` (below the tree's root) and becomes `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """`test` is the pytest node that catches it within seconds, in every CI run.

    A schedule that catches it is kept in `schedules/NAME.json`; when none does in reason, `unseen` says why.
    """

    name: str
    breaks: str
    changes: tuple[Change, ...]
    test: str
    unseen: str = ""

    def mutated(self, tree: Path) -> dict[str, str]:
        """The changed files of a tree by their names, with their new text. Raises: OutOfDateError."""
        texts: dict[str, str] = {}
        for change in self.changes:
            text = texts.get(change.file) or (tree / change.file).read_text()
            times = text.count(change.old)
            if times != 1:
                raise OutOfDateError(
                    f"mutant {self.name!r} is out of date: in {change.file} this stands {times} times and not once:\n"
                    f"{change.old}"
                )
            texts[change.file] = text.replace(change.old, change.new)
        return texts

    def apply(self, tree: Path) -> None:
        """Put the bug into that copy. Raises: OutOfDateError."""
        for file, text in self.mutated(tree).items():
            (tree / file).write_text(text)
