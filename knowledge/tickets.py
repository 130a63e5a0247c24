"""Tickets of an earlier time from a CSV file, as lessons: read row by row, with what is wrong by its line."""

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from incidents.errors import IncidentError
from incidents.lessons import Taught
from incidents.ports import Lesson
from incidents.words import Origin
from knowledge.redact import redacted

LONGEST = 20_000
"""Characters of a ticket's text that are kept."""
LARGEST_FIELD = 1_000_000
MOST_SHOWN = 20
IMPORT = "import"
USUAL = ("title", "text", "category", "id", "at", "resolution")
_PLAIN_ID = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of the file says what; None for what the file does not tell."""

    category: str
    title: str | None = None
    text: str | None = None
    id: str | None = None
    at: str | None = None
    resolution: str | None = None


@dataclass
class Reading:
    """What was found on the way."""

    rows: int = 0
    folded: int = 0
    bad: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


def columns(path: Path, asked: Mapping[str, str | None]) -> Columns:
    """Those that were asked for; else those that have the usual names. Raises: IncidentError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise IncidentError(f"{path} cannot be read: {error}") from error
    missing = [name for name in asked.values() if name is not None and name not in header]
    if missing:
        raise IncidentError(f"{path} has no column {', '.join(map(repr, missing))}. It has: {', '.join(header)}.")
    found = {what: asked.get(what) or (what if what in header else None) for what in USUAL}
    category = found.pop("category")
    if category is None or not (found["title"] or found["text"]):
        raise IncidentError(
            f"Say which column of {path} is which: --category and --title or --text. It has: {', '.join(header)}."
        )
    return Columns(category, **found)


def read(
    path: Path, which: Columns, *, categories: Collection[str], renamed: Mapping[str, str], now: datetime, told: Reading
) -> Iterator[Taught]:
    """The lessons of the rows that are good, each once; `told` has the rest. Raises: IncidentError for no CSV."""
    csv.field_size_limit(LARGEST_FIELD)
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        begins = 2
        try:
            for row in reader:
                told.rows += 1
                try:
                    taught = _taught(row, which, categories=categories, renamed=renamed, now=now, file=path.name)
                except _UnknownCategory as unknown:
                    told.unknown[str(unknown)] += 1
                except ValueError as problem:
                    told.bad.append(f"line {begins}: {problem}")
                else:
                    same = {taught.lesson.source, _digest(taught.lesson)}
                    if same & seen:
                        told.folded += 1
                    else:
                        yield taught
                    seen |= same
                begins = reader.line_num + 1
        except (csv.Error, UnicodeDecodeError) as error:
            raise IncidentError(f"{path}, line {begins}: this is no CSV in UTF-8 ({error}).") from error


def advice(told: Reading, categories: Sequence[str]) -> list[str]:
    """What was left out and why, for people."""
    lines = told.bad[:MOST_SHOWN]
    if len(told.bad) > MOST_SHOWN:
        lines.append(f"and {len(told.bad) - MOST_SHOWN} more rows that are wrong")
    if told.unknown:
        names = ", ".join(f"{name!r} ({count})" for name, count in told.unknown.most_common(MOST_SHOWN))
        how = f"--map {next(iter(told.unknown))!r}={categories[0]}"
        lines.append(
            f"categories that there are not: {names}. Map them ({how}) or leave them out. There are: "
            + ", ".join(categories)
        )
    return lines


class _UnknownCategory(Exception):
    """Its name."""


def _taught(
    row: Mapping[str | None, str | None],
    which: Columns,
    *,
    categories: Collection[str],
    renamed: Mapping[str, str],
    now: datetime,
    file: str,
) -> Taught:
    """Raises: ValueError with what is wrong; _UnknownCategory."""
    if None in row:
        raise ValueError("it has more fields than the first line names")

    def said(column: str | None) -> str:
        return (row.get(column) or "").replace("\0", "").strip() if column else ""

    title, text = said(which.title), said(which.text)
    if not (title or text):
        raise ValueError("it says nothing")
    named = said(which.category)
    if not named:
        raise ValueError("it has no category")
    category = renamed.get(named.lower(), named.lower())
    if category not in categories:
        raise _UnknownCategory(named)
    lesson = Lesson(
        source="",
        title=(title or text)[:200],
        text="\n".join(part for part in (title, text) if part)[:LONGEST],
        category=category,
        taught_by=IMPORT,
        helped=said(which.resolution)[:LONGEST] or None,
    )
    id = said(which.id) or _digest(lesson)
    source = f"{IMPORT}:{id if _PLAIN_ID.fullmatch(id) else sha256(id.encode()).hexdigest()[:16]}"
    at = _time(said(which.at)) if said(which.at) else now
    return Taught(redacted(replace(lesson, source=source)), Origin.IMPORT, at, voice=IMPORT, via=file)


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no time like 2026-03-02T14:30:00") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _digest(lesson: Lesson) -> str:
    """The same for the same words, however they are spaced, in the same category."""
    return sha256(" ".join(f"{lesson.category} {lesson.text}".lower().split()).encode()).hexdigest()[:16]
