"""The runbooks that every organization starts with, written in `seeds/`, one Markdown file a category.

A seed is a heading, the reports as people would give them (quoted), a cause, numbered steps, and how to check that it
is over. Each report is a lesson of its own, found by its likeness together with the heading; the rest is what helped.
"""

import re
from importlib.resources import files

from incidents.advice import CAUSE, CHECK
from incidents.ports import Lesson

_STEP = re.compile(r"(\d+)\. \S")


def load_seeds() -> list[Lesson]:
    folder = files("knowledge") / "seeds"
    pages = sorted((page for page in folder.iterdir() if page.name.endswith(".md")), key=lambda page: page.name)
    return [seed for page in pages for seed in read_page(page.read_text(encoding="utf-8"))]


def read_page(page: str) -> list[Lesson]:
    """Raises: ValueError when an entry lacks a part, or has lines that are none."""
    heading, *entries = re.split(r"^## ", page, flags=re.MULTILINE)
    category = heading.strip().removeprefix("# ").strip()
    return [lesson for entry in entries for lesson in _read_entry(entry, category)]


def _read_entry(entry: str, category: str) -> list[Lesson]:
    title, _, body = entry.partition("\n")
    quotes = re.findall(r"(?:^>.*\n?)+", body, flags=re.MULTILINE)
    reports = [" ".join(line.removeprefix(">").strip() for line in quote.splitlines()).strip() for quote in quotes]
    helped = [line.strip() for line in body.splitlines() if line.strip() and not line.startswith(">")]
    if problem := _problem(reports, helped):
        raise ValueError(f"The seed {title!r} in {category}: {problem}.")
    source = f"seed:{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}"
    return [
        Lesson(
            source=source if place == 1 else f"{source}#{place}",
            title=title.strip(),
            text=report,
            category=category,
            taught_by="seed",
            helped="\n".join(helped),
        )
        for place, report in enumerate(reports, start=1)
    ]


def _problem(reports: list[str], helped: list[str]) -> str | None:
    if not reports or not all(reports):
        return "it has no report (lines that begin with >)"
    for word in (CAUSE, CHECK):
        if len([line for line in helped if line.startswith(word)]) != 1:
            return f"it needs one line that begins with {word!r}"
    places = [int(step[1]) for line in helped if (step := _STEP.match(line))]
    if not places or places != list(range(1, len(places) + 1)):
        return "it needs steps, numbered 1., 2., 3."
    whole = helped[0].startswith(CAUSE) and helped[-1].startswith(CHECK) and len(helped) == len(places) + 2
    return None if whole else "after the report it has the cause, the steps, the check, and nothing else"
