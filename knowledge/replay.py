"""History once more: what triage would have said of each incident without and with what people corrected."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import sqrt
from typing import cast
from uuid import UUID

import numpy as np
import numpy.typing as npt

from incidents import lessons
from incidents.models import Incident, LessonRow
from incidents.ports import Lesson, Memory, Neighbour, Question
from incidents.store import Store
from incidents.words import Route, Status, Triage
from knowledge.embedding import WIDTH, Embedder
from knowledge.redact import redact
from knowledge.triage import MemoryFirstTriager

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Replayed:
    """An incident whose category somebody confirmed, and what triage says of it by either memory."""

    number: int
    title: str
    truth: str
    without: str
    with_corrections: str


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many were right, and between which shares the true one lies (Wilson, 95 %)."""

    right: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        z, n, share = 1.96, self.of, self.right / self.of
        middle, half = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.right} of {self.of} right ({low:.2f} to {high:.2f})"


@dataclass(frozen=True, slots=True)
class _Past:
    """An incident as it is asked about, and what it taught, when, by its correction and without it."""

    number: int
    question: Question
    opened_at: datetime
    truth: str | None
    corrected: tuple[datetime, Lesson] | None
    uncorrected: tuple[datetime, Lesson] | None


def replay(store: Store, embedder: Embedder, *, since: datetime | None, told: Callable[[], object]) -> list[Replayed]:
    """Each incident in its order, asked of what had been taught before it was opened.

    Seeds, runbooks and imports count from the beginning; no model is asked. `told` hears of each incident.
    """
    with store.begin() as tx:
        rows = lessons.counting(tx)
        by_incident = {row.incident_id: row for row in rows if row.incident_id is not None}
        always = [lessons.lesson_of(row) for row in rows if row.incident_id is None]
        query = tx.select(Incident).where(Incident.triage == Triage.TRIAGED).order_by(Incident.opened_at)
        past = [_past(each, by_incident, tx.own.categories) for each in tx.session.scalars(query)]
    if not any(each.truth for each in past):
        return []
    read = _Reader(embedder)
    memories = [
        _Told(read, always, [each.uncorrected for each in past]),
        _Told(read, always, [each.corrected for each in past]),
    ]
    triagers = [MemoryFirstTriager(cast(Memory, memory), None) for memory in memories]  # It is only asked.
    found = []
    for each in past:
        told()
        if each.truth is None or (since is not None and each.opened_at < since):
            continue
        for memory in memories:
            memory.now = each.opened_at
        without, with_corrections = (triager.triage(each.question).category for triager in triagers)
        found.append(Replayed(each.number, each.question.title, each.truth, without, with_corrections))
    return found


def shares(found: Sequence[Replayed]) -> tuple[Share, Share]:
    """How often triage is right, without and with the corrections."""
    without = sum(each.without == each.truth for each in found)
    return Share(without, len(found)), Share(sum(each.with_corrections == each.truth for each in found), len(found))


def _past(incident: Incident, taught: Mapping[UUID, LessonRow], categories: Sequence[str]) -> _Past:
    confirmed = incident.status is Status.RESOLVED or incident.route is Route.HUMAN
    corrected = uncorrected = None
    if (row := taught.get(incident.id)) is not None:
        lesson = lessons.lesson_of(row)
        corrected = (row.at, lesson)
        if incident.resolved_at is not None and incident.predicted_category is not None:
            uncorrected = (incident.resolved_at, replace(lesson, category=incident.predicted_category))
    question = Question(
        organization=incident.organization_id,
        title=incident.title,
        description=incident.description,
        kind=incident.kind,
        severity=incident.reported_severity,
        categories=categories,
    )
    truth = incident.category if confirmed else None
    return _Past(incident.number, question, incident.opened_at, truth, corrected, uncorrected)


class _Told:
    """A memory of what had been taught at the moment `now`; only asked."""

    now: datetime

    def __init__(
        self, read: "_Reader", always: Sequence[Lesson], some: Sequence[tuple[datetime, Lesson] | None]
    ) -> None:
        later = sorted((each for each in some if each is not None), key=lambda each: each[0])
        self._read = read
        self._always = len(always)
        self._times = [at for at, _ in later]
        self._lessons = [*always, *(lesson for _, lesson in later)]
        self._vectors = read.all([f"{lesson.title}\n{lesson.text}" for lesson in self._lessons])

    def nearest(self, organization: UUID, text: str, *, limit: int) -> list[Neighbour]:
        """As `Memory.nearest` has it."""
        known = self._always + bisect_left(self._times, self.now)
        cosines = self._vectors[:known] @ self._read.all([redact(text)])[0]
        found: dict[str, Neighbour] = {}
        for place in np.argsort(-cosines, kind="stable"):
            lesson = self._lessons[place]
            entry = lesson.source.partition("#")[0]
            if entry not in found:
                similarity = min(1.0, float(cosines[place]))
                found[entry] = Neighbour(entry, lesson.title, lesson.category, similarity, lesson.helped, lesson.number)
            if len(found) == limit:
                break
        return list(found.values())


class _Reader:
    """Texts as vectors, each made once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def all(self, texts: Sequence[str]) -> Vectors:
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known.update(zip(new, self._embedder.embed(new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(len(texts), WIDTH)
