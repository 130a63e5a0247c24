"""What the memory is to know and where it comes from: kept in SQL, from which the memory is made at any time.

Whoever changes a row leaves it as one of which the memory does not know yet (`agrees`); `knowledge.settling` tells it.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from incidents.errors import NotFound
from incidents.models import LessonRow
from incidents.ports import Lesson
from incidents.store import Transaction
from incidents.words import Origin

LOOK = "GET /api/v1/knowledge lists the lessons."
_AT_ONCE = 500
_COUNTS = and_(LessonRow.category.is_not(None), LessonRow.withdrawn.is_(False), LessonRow.undone_at.is_(None))
_SAID = (
    "origin", "title", "text", "category", "helped", "number", "taught_by", "proposed", "proposed_by", "withdrawn"
)  # fmt: skip
"""What makes a row another one when it changes."""
_SETTLED = text("""
    UPDATE lessons SET agrees = (lessons.version = told.version)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS integer[])) AS told (id, version)
    WHERE lessons.id = told.id
""")


class State(StrEnum):
    """What has become of a lesson."""

    COUNTS = "counts"
    WAITS = "waits"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson with its provenance. Nothing of it counts while `waits`: then its category is `proposed` alone."""

    lesson: Lesson
    origin: Origin
    at: datetime
    voice: str | None = None
    via: str | None = None
    incident: uuid.UUID | None = None
    waits: bool = False
    proposed: str | None = None
    proposed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the memory should know: how many, and a number that no change leaves as it was."""

    count: int
    versions: int


def teach(tx: Transaction, taught: Sequence[Taught]) -> int:
    """A source that is known is taught anew, and stays undone if it was. How many say something new."""
    latest = list({each.lesson.source: each for each in taught}.values())
    changed = 0
    for start in range(0, len(latest), _AT_ONCE):
        rows = [_values(tx, each) for each in latest[start : start + _AT_ONCE]]
        adding = insert(LessonRow).values(rows)
        new = adding.excluded
        now = tuple_(*(getattr(LessonRow, name) for name in _SAID))
        then = tuple_(*(new[name] for name in _SAID))
        kept = {"id", "organization_id", "source", "version"}
        values = {name: new[name] for name in rows[0] if name not in kept}
        merged = adding.on_conflict_do_update(
            index_elements=[LessonRow.organization_id, LessonRow.source],
            set_={**values, "version": LessonRow.version + 1},
            where=now.is_distinct_from(then),
        )
        changed += len(tx.session.scalars(merged.returning(LessonRow.id)).all())
    return changed


def follow(tx: Transaction, origin: Origin, lessons: Sequence[Lesson], *, via: str | None = None) -> int:
    """What is taught from there is this and no more. How many lessons are new, other than they were, or gone."""
    changed = teach(tx, [Taught(lesson, origin, tx.now, via=via) for lesson in lessons])
    sources = {lesson.source for lesson in lessons}
    known = tx.session.scalars(
        select(LessonRow.source).where(_own(tx), LessonRow.origin == origin, LessonRow.withdrawn.is_(False))
    )
    return changed + withdraw(tx, [source for source in known if source not in sources])


def withdraw(tx: Transaction, sources: Collection[str]) -> int:
    """What taught them takes them back. How many there were."""
    which = LessonRow.source.in_(sources) & LessonRow.withdrawn.is_(False)
    values = {"withdrawn": True, "proposed": None, "proposed_by": None}
    return len(_change(tx, which, values)) if sources else 0


def undo(tx: Transaction, source: str, *, by: str) -> list[str]:
    """A person takes an entry back, in all its wordings, until somebody restores it. The sources that this concerns.

    Raises: NotFound.
    """
    _demand(tx, source)
    return _change(tx, _entry(source) & LessonRow.undone_at.is_(None), {"undone_at": tx.now, "undone_by": by})


def undo_all(tx: Transaction, *, taught_by: str, since: datetime | None, by: str) -> list[str]:
    """All that a person taught, by the name or the id that the log shows."""
    person = or_(func.lower(LessonRow.taught_by) == taught_by.lower(), LessonRow.voice == taught_by)
    which = and_(person, LessonRow.undone_at.is_(None))
    if since is not None:
        which &= LessonRow.at >= since
    return _change(tx, which, {"undone_at": tx.now, "undone_by": by})


def restore(tx: Transaction, source: str) -> list[str]:
    """The undoing is undone. Raises: NotFound."""
    _demand(tx, source)
    return _change(tx, _entry(source) & LessonRow.undone_at.is_not(None), {"undone_at": None, "undone_by": None})


def log(tx: Transaction, *, before: int | None = None, origin: Origin | None = None, limit: int) -> Sequence[LessonRow]:
    """The latest first; the next page is the one before the last `n` of this one."""
    query = tx.select(LessonRow).order_by(LessonRow.n.desc()).limit(limit)
    if before is not None:
        query = query.where(LessonRow.n < before)
    if origin is not None:
        query = query.where(LessonRow.origin == origin)
    return tx.session.scalars(query).all()


def counting(tx: Transaction) -> Sequence[LessonRow]:
    """All that the memory is to know, in the order in which it was first taught."""
    return tx.session.scalars(tx.select(LessonRow).where(_COUNTS).order_by(LessonRow.n)).all()


def state(row: LessonRow) -> State:
    if row.undone_at is not None:
        return State.UNDONE
    if row.withdrawn:
        return State.WITHDRAWN
    return State.WAITS if row.category is None else State.COUNTS


def counts(row: LessonRow) -> bool:
    return state(row) is State.COUNTS


def lesson_of(row: LessonRow) -> Lesson:
    """As the memory is told it; only of a row that counts."""
    return Lesson(row.source, row.title, row.text, row.category or "", row.taught_by, row.helped, row.number)


def by_source(tx: Transaction, sources: Collection[str]) -> Mapping[str, LessonRow]:
    """Those of the sources that count."""
    rows = tx.session.scalars(tx.select(LessonRow).where(LessonRow.source.in_(sources), _COUNTS))
    return {row.source: row for row in rows}


def unsettled(tx: Transaction, *, limit: int, sources: Collection[str] | None = None) -> Sequence[LessonRow]:
    """Of which the memory does not know yet, the oldest first."""
    query = tx.select(LessonRow).where(LessonRow.agrees.is_(False)).order_by(LessonRow.n).limit(limit)
    return tx.session.scalars(query if sources is None else query.where(LessonRow.source.in_(sources))).all()


def how_many_unsettled(tx: Transaction) -> int:
    return tx.session.scalar(select(func.count()).where(_own(tx), LessonRow.agrees.is_(False))) or 0


def settled(tx: Transaction, rows: Iterable[LessonRow]) -> None:
    """The memory was told these versions. What changed meanwhile, or was told by another one late, is told again."""
    told = list(rows)
    values = {"ids": [row.id for row in told], "versions": [row.version for row in told]}
    tx.session.execute(_SETTLED, values)


def agreed(tx: Transaction) -> Agreed:
    """What the memory should know for sure."""
    versions = func.coalesce(func.sum(LessonRow.version), 0)
    row = tx.session.execute(select(func.count(), versions).where(_own(tx), _COUNTS, LessonRow.agrees)).one()
    return Agreed(int(row[0]), int(row[1]))


def some_agreed(tx: Transaction, *, limit: int) -> list[Lesson]:
    """A few of these, by chance."""
    query = tx.select(LessonRow).where(_COUNTS, LessonRow.agrees).order_by(func.random()).limit(limit)
    return [lesson_of(row) for row in tx.session.scalars(query)]


def doubt(tx: Transaction, *, source: str | None = None) -> int:
    """Nobody knows any more what the memory knows, or knows of that source. How many lessons it is to be told."""
    return len(_change(tx, _COUNTS if source is None else LessonRow.source == source, {}))


def organizations_unsettled(session: Session) -> Sequence[uuid.UUID]:
    return session.scalars(select(LessonRow.organization_id).where(LessonRow.agrees.is_(False)).distinct()).all()


def _values(tx: Transaction, taught: Taught) -> dict[str, Any]:
    lesson = taught.lesson
    return {
        "id": uuid.uuid4(),
        "organization_id": tx.organization,
        "source": lesson.source,
        "origin": taught.origin,
        "incident_id": taught.incident,
        "title": lesson.title,
        "text": lesson.text,
        "category": None if taught.waits else lesson.category,
        "helped": lesson.helped,
        "number": lesson.number,
        "taught_by": lesson.taught_by,
        "voice": taught.voice,
        "via": taught.via,
        "at": taught.at,
        "proposed": taught.proposed,
        "proposed_by": taught.proposed_by,
        "withdrawn": False,
        "version": 1,
        "agrees": False,
    }


def _change(tx: Transaction, which: ColumnElement[bool], values: dict[str, Any]) -> list[str]:
    changing = update(LessonRow).where(_own(tx), which).returning(LessonRow.source)
    values = {**values, "version": LessonRow.version + 1, "agrees": False}
    return list(tx.session.scalars(changing.values(values), execution_options={"synchronize_session": False}))


def _entry(source: str) -> ColumnElement[bool]:
    return or_(LessonRow.source == source, LessonRow.source.startswith(f"{source}#", autoescape=True))


def _own(tx: Transaction) -> ColumnElement[bool]:
    return LessonRow.organization_id == tx.organization


def _demand(tx: Transaction, source: str) -> None:
    if not tx.session.scalar(select(func.count()).where(_own(tx), _entry(source))):
        raise NotFound(f"There is no lesson {source[:100]!r}.", look=LOOK)
