"""Runbooks in a folder of Markdown files: each section is an entry of the memory, its text is what helps.

The category stands in the front matter (`category: database`), or is the name of the file's folder. Lines that begin
with `>` are reports as people would give them, each a wording by which the entry is found.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from incidents import lessons
from incidents.errors import IncidentError
from incidents.ports import Lesson
from incidents.store import Store
from incidents.words import Origin
from knowledge.redact import redacted

LARGEST = 1_000_000
"""Bytes of a file."""
MOST = 5_000
"""Sections."""
LONGEST_HELP = 4_000
"""Characters of what helps, and of what is looked for when no report is quoted."""
MOST_SHOWN = 20
_CATEGORY = re.compile(r"category\s*:\s*(.*)", re.IGNORECASE)
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_HEADING = re.compile(r"(#{1,2})\s+(.*?)\s*#*\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    heading: Line
    body: Sequence[Line]


class _Problem(Exception):
    """What is wrong, with file and line."""


def read_folder(folder: Path, *, categories: Collection[str]) -> list[Lesson]:
    """Raises: IncidentError with every problem, each with file and line."""
    if not folder.is_dir():
        raise IncidentError(f"There is no folder {folder}. RUNBOOKS_DIR is to name one with Markdown files.")
    found: dict[str, Lesson] = {}
    problems: list[str] = []
    for path in sorted(folder.rglob("*.md")):
        name = path.relative_to(folder)
        if any(part.startswith(".") for part in name.parts):
            continue
        try:
            found |= {lesson.source: redacted(lesson) for lesson in _read(path, name, categories)}
        except _Problem as problem:
            problems.append(str(problem))
    if len(found) > MOST:
        problems.append(f"{folder} has {len(found)} sections and reports; {MOST} are the most.")
    if problems:
        more = f"\nand {len(problems) - MOST_SHOWN} more" if len(problems) > MOST_SHOWN else ""
        raise IncidentError("\n".join(problems[:MOST_SHOWN]) + more)
    return list(found.values())


def follow(store: Store, folder: Path) -> int:
    """What is in the folder now is what the organization's runbooks teach. How many lessons are new or gone.

    Raises: IncidentError, as `read_folder`; nothing is changed then.
    """
    with store.begin() as tx:
        return lessons.follow(tx, Origin.RUNBOOK, read_folder(folder, categories=tx.own.categories), via=str(folder))


def _read(path: Path, name: Path, categories: Collection[str]) -> list[Lesson]:
    try:
        if path.stat().st_size > LARGEST:
            raise _Problem(f"{name}:1: the file has more than {LARGEST} bytes. Split it.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Problem(f"{name}:1: this is no UTF-8 text.") from error
    except OSError as error:
        raise _Problem(f"{name}:1: it cannot be read ({error.strerror}).") from error
    lines = [Line(number, line) for number, line in enumerate(text.replace("\0", "").splitlines(), start=1)]
    category, lines = _category(lines, name)
    if category not in categories:
        told = f"there is no category {category!r}" if category else "it has no category"
        how = "Write `category:` into its front matter (between two lines `---`), or name its folder so"
        raise _Problem(f"{name}:1: {told}. {how}; choose one of: {', '.join(categories)}.")
    lessons: dict[str, Lesson] = {}
    for section in _sections(lines, name):
        for lesson in _lessons(section, name, category):
            if lesson.source in lessons:
                raise _Problem(f"{name}:{section.heading.number}: a section of that name is there already.")
            lessons[lesson.source] = lesson
    return list(lessons.values())


def _category(lines: list[Line], name: Path) -> tuple[str, list[Line]]:
    """The category, and the lines after the front matter."""
    folder = name.parent.name.lower()
    if not lines or lines[0].text.strip() != "---":
        return folder, lines
    for place, line in enumerate(lines[1:], start=1):
        if line.text.strip() == "---":
            given = [found[1] for each in lines[1:place] if (found := _CATEGORY.match(each.text.strip()))]
            return (given[0].strip(" \"'").lower() if given else folder), lines[place + 1 :]
    raise _Problem(f"{name}:1: the front matter has no end; write a line `---` after it.")


def _sections(lines: Sequence[Line], name: Path) -> Iterator[_Section]:
    """Those under `##`; a page without any is one section."""
    sections: list[_Section] = []
    title: _Section | None = None
    body: list[Line] = []
    fenced = False
    for line in lines:
        fenced ^= bool(_FENCE.match(line.text))
        heading = None if fenced else _HEADING.match(line.text)
        if heading is None:
            body.append(line)
            continue
        body = []
        section = _Section(Line(line.number, heading[2]), body)
        if heading[1] == "##":
            sections.append(section)
        elif title is None:
            title = section
    if fenced:
        raise _Problem(f"{name}:{lines[-1].number}: a block of code has no end.")
    found = sections or ([title] if title else [])
    if not found:
        raise _Problem(f"{name}:1: it has no heading (a line that begins with `# ` or `## `).")
    for section in found:
        if not section.heading.text or not any(line.text.strip() for line in section.body):
            raise _Problem(f"{name}:{section.heading.number}: a heading without words, or with nothing under it.")
        yield section


def _lessons(section: _Section, name: Path, category: str) -> Iterator[Lesson]:
    title = section.heading.text
    quotes = re.findall(r"(?:^ {0,3}>.*\n?)+", "\n".join(line.text for line in section.body), flags=re.MULTILINE)
    reports = [" ".join(line.strip().removeprefix(">").strip() for line in quote.splitlines()) for quote in quotes]
    plain = "\n".join(line.text.rstrip() for line in section.body if not line.text.lstrip().startswith(">")).strip()
    helped = plain[:LONGEST_HELP]
    source = f"runbook:{_slug('.'.join(name.with_suffix('').parts))}:{_slug(title)}"
    for place, report in enumerate([each for each in reports if each] or [helped], start=1):
        yield Lesson(
            source=source if place == 1 else f"{source}#{place}",
            title=title[:200],
            text=report,
            category=category,
            taught_by="runbook",
            helped=helped or None,
        )


def _slug(text: str) -> str:
    """Fit for an address."""
    return re.sub(r"[^\w.]+", "-", text.lower()).strip("-") or "section"
