"""Real tickets with their labels from a file: one JSON object a line, `{"id", "ts", "text", "label"}`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knowledge.recollection import LONGEST
from knowledge.redact import redact

FEWEST = 20


class BadDataError(Exception):
    """The text says in which line what is wrong."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """`text` is redacted, and no longer than triage reads."""

    text: str
    label: str


def read(file: Path) -> tuple[list[Ticket], str]:
    """In the order of arrival, and what told it: `ts` when each has one that is a time, else the `file`.

    Raises: BadDataError.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadDataError(f"{file} cannot be read: {error}") from error
    rows = list(_rows(lines))
    if len(rows) < FEWEST:
        raise BadDataError(f"{file} has {len(rows)} tickets; fewer than {FEWEST} say nothing.")
    times = [at for at, _ in rows if at is not None]
    if len(times) < len(rows):
        return [ticket for _, ticket in rows], "file"
    return [rows[number][1] for number in sorted(range(len(rows)), key=times.__getitem__)], "ts"


def _rows(lines: list[str]) -> Iterator[tuple[datetime | None, Ticket]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadDataError(f"Line {number} is no JSON: {error}") from error
        if not isinstance(row, dict):
            raise BadDataError(f"Line {number} is no JSON object.")
        yield _time(row.get("ts")), Ticket(redact(_text(row, "text", number)[:LONGEST]), _label(row, number))


def _text(row: dict[str, Any], name: str, number: int) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise BadDataError(f"Line {number}: `{name}` must be a string, not {json.dumps(value)[:60]}.")
    return value


def _label(row: dict[str, Any], number: int) -> str:
    label = _text(row, "label", number).strip()
    if not label:
        raise BadDataError(f"Line {number}: `label` is empty.")
    return label


def _time(value: object) -> datetime | None:
    """Real data has times like 2017-00-00; they say nothing of the order."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        at = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
