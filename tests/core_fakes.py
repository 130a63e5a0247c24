"""The inner ports in memory: triage, memory and the doorbell, told what to answer and when to fail."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from incidents.errors import TemporaryError
from incidents.ports import Lesson, Neighbour, Question, Ring, Verdict
from incidents.words import Route, Severity
from tests.fakes import _Unreliable


class FakeTriager(_Unreliable):
    """Gives `verdict` to every question."""

    def __init__(self, verdict: Verdict | None = None) -> None:
        super().__init__()
        self.verdict = verdict or judged()
        self.questions: list[Question] = []

    def triage(self, question: Question) -> Verdict:
        done = self._begin("triage")
        self.questions.append(question)
        done()
        return self.verdict


def judged(category: str = "database", severity: Severity = Severity.MEDIUM, confidence: float = 0.9) -> Verdict:
    return Verdict(category, severity, confidence, Route.MEMORY, "it is like #1")


class FakeComparer(_Unreliable):
    """`cosines` are those of the incidents that read like every report, by number."""

    def __init__(self) -> None:
        super().__init__()
        self.cosines: dict[int, float] = {}
        self.asked: list[tuple[str, Mapping[int, str]]] = []

    def alike(self, text: str, others: Mapping[int, str]) -> Sequence[tuple[int, float]]:
        done = self._begin("alike")
        self.asked.append((text, others))
        found = [(number, self.cosines[number]) for number in others if number in self.cosines]
        done()
        return sorted(found, key=lambda each: -each[1])


class FakeMemory(_Unreliable):
    """Remembers; every lesson is as near as the next."""

    def __init__(self) -> None:
        super().__init__()
        self.lessons: dict[tuple[UUID, str], Lesson] = {}

    def nearest(self, organization: UUID, text: str, *, limit: int) -> Sequence[Neighbour]:
        self._begin("nearest")()
        known = [lesson for (owner, _), lesson in self.lessons.items() if owner == organization]
        return [Neighbour(each.source, each.title, each.category, 0.5, each.helped) for each in known[:limit]]

    def remember(self, organization: UUID, lessons: Sequence[Lesson]) -> None:
        done = self._begin("remember")
        self.lessons |= {(organization, lesson.source): lesson for lesson in lessons}
        done()

    def forget(self, organization: UUID, sources: Sequence[str]) -> None:
        done = self._begin("forget")
        for source in sources:
            self.lessons.pop((organization, source), None)
        done()

    def holds(self, organization: UUID, some: Sequence[Lesson], *, at_least: int) -> bool:
        self._begin("holds")()
        known = {source: lesson for (owner, source), lesson in self.lessons.items() if owner == organization}
        return len(known) >= at_least and all(known.get(lesson.source) == lesson for lesson in some)

    def drop(self, organization: UUID) -> None:
        self._begin("drop")()
        self.lessons = {key: lesson for key, lesson in self.lessons.items() if key[0] != organization}

    def check(self) -> str:
        self._begin("check")()
        return "a memory in memory"

    def close(self) -> None:
        """There is nothing to end."""


class FakeDoorbell:
    """Notes who rang; `silent` is a broker that is away."""

    def __init__(self, *, silent: bool = False) -> None:
        self.silent = silent
        self.rings: list[Ring] = []

    def ring(self, rings: Sequence[Ring]) -> None:
        if self.silent:
            raise TemporaryError("Redis is away")
        self.rings += rings

    def ring_soon(self, rings: Sequence[Ring]) -> None:
        """So that it can stand for the bell of a process as well."""
        self.rings += rings
