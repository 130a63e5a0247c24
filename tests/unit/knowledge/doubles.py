"""A memory and a model that say what a test tells them, and note what they were asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from incidents.ports import Lesson, Neighbour
from incidents.words import Severity
from knowledge.opinion import Opinion


@dataclass
class FakeMemory:
    near: Sequence[Neighbour] = ()
    error: Exception | None = None
    asked: list[str] = field(default_factory=list)
    lessons: dict[str, Lesson] = field(default_factory=dict)

    def nearest(self, organization: UUID, text: str, *, limit: int) -> Sequence[Neighbour]:
        self.asked.append(text)
        if self.error:
            raise self.error
        return self.near[:limit]

    def remember(self, organization: UUID, lessons: Sequence[Lesson]) -> None:
        self.lessons.update({lesson.source: lesson for lesson in lessons})

    def forget(self, organization: UUID, sources: Sequence[str]) -> None:
        for source in sources:
            self.lessons.pop(source, None)

    def holds(self, organization: UUID, some: Sequence[Lesson], *, at_least: int) -> bool:
        return len(self.lessons) >= at_least and all(self.lessons.get(each.source) == each for each in some)

    def drop(self, organization: UUID) -> None:
        self.lessons.clear()

    def check(self) -> str:
        return "in memory"

    def close(self) -> None:
        """There is nothing to end."""


@dataclass
class FakeModel:
    opinion: Opinion | None = None
    error: Exception | None = None
    asked: list[str] = field(default_factory=list)
    floors: list[Severity | None] = field(default_factory=list)

    def classify(
        self, report: str, *, categories: Sequence[str], floor: Severity | None, examples: Sequence[Neighbour]
    ) -> Opinion:
        self.asked.append(report)
        self.floors.append(floor)
        if self.error:
            raise self.error
        assert self.opinion is not None
        return self.opinion
