"""A memory, models and their account that say what a test tells them, and note what they were asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from incidents.model_calls import Ended, Outcome
from incidents.ports import Lesson, Neighbour
from knowledge.opinion import Enquiry, Opinion


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
    enquiries: list[Enquiry] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        return [enquiry.report for enquiry in self.enquiries]

    def classify(self, enquiry: Enquiry) -> Opinion:
        self.enquiries.append(enquiry)
        if self.error:
            raise self.error
        assert self.opinion is not None
        return self.opinion


@dataclass
class FakeLink:
    """One model of a chain: gives its answers in turn, and the last one for ever."""

    name: str
    answers: list[Opinion | Exception]
    patience: list[float] = field(default_factory=list)

    def prepare(self) -> None:
        return None

    def ask(self, enquiry: Enquiry, *, patience: timedelta | None = None) -> Opinion:
        assert patience is not None
        self.patience.append(patience.total_seconds())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class FakeAccount:
    """Lets everybody be asked but those it was told to refuse."""

    refuses: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)
    ends: list[Ended] = field(default_factory=list)

    def ask(self, organization: UUID, model: str) -> None:
        if model in self.refuses:
            raise self.refuses[model]
        self.asked.append(model)

    def ended(self, organization: UUID, model: str, what: Ended) -> None:
        self.outcomes.append((model, what.outcome))
        self.ends.append(what)
