"""The runbooks that every organization starts with, written in `seeds/`, one Markdown file a category.

A seed is a heading, the report as a person would give it (quoted), and what helped (the rest).
"""

import re
from importlib.resources import files
from uuid import UUID

from incidents.ports import Lesson, Memory


def load_seeds() -> list[Lesson]:
    folder = files("knowledge") / "seeds"
    pages = sorted((page for page in folder.iterdir() if page.name.endswith(".md")), key=lambda page: page.name)
    return [seed for page in pages for seed in read_page(page.read_text(encoding="utf-8"))]


def plant(memory: Memory, organization: UUID) -> None:
    """Makes the organization know the seeds; planting them again changes nothing and costs one look.

    Raises: TemporaryError, PermanentError as `Memory.remember`.
    """
    memory.remember(organization, load_seeds())


def read_page(page: str) -> list[Lesson]:
    """Raises: ValueError when an entry has no report or nothing that helped."""
    heading, *entries = re.split(r"^## ", page, flags=re.MULTILINE)
    category = heading.strip().removeprefix("# ").strip()
    return [_read_entry(entry, category) for entry in entries]


def _read_entry(entry: str, category: str) -> Lesson:
    title, _, body = entry.partition("\n")
    lines = body.strip().splitlines()
    report = " ".join(line.removeprefix(">").strip() for line in lines if line.startswith(">"))
    helped = "\n".join(line for line in lines if not line.startswith(">")).strip()
    if not report or not helped:
        raise ValueError(f"The seed {title!r} needs a report (lines that begin with >) and what helped.")
    return Lesson(
        source=f"seed:{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}",
        title=title.strip(),
        text=report,
        category=category,
        taught_by="seed",
        helped=helped,
    )
