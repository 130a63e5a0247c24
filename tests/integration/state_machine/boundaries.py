"""The places at which a worker can be stopped: after each commit, before and after each word with a provider."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from incidents.ports import Question, Transcript, Verdict
from incidents.store import Database, Store, Transaction
from incidents.words import Severity
from tests.core_fakes import FakeMemory, FakeTriager, judged
from tests.fakes import FakeCall, FakeChat, FakePhone, FakeSpeech, FakeTickets, _Unreliable

Happening = Callable[[str], None]
AT_THE_EFFECT = ("committed", "before call", "before post", "before create")
"""A worker that sleeps longer than its lease here does an effect that another one did meanwhile: no lease helps there,
only a provider that takes a key of ours."""


class Boundaries:
    """Counts the places that a worker passes; at the chosen one something happens to it."""

    def __init__(self) -> None:
        self._left = 0
        self._happening: Happening | None = None
        self.faults = 0
        """How often a provider failed as it was told to."""

    def arm(self, nth: int, happening: Happening) -> None:
        self._left, self._happening = nth, happening

    def disarm(self) -> bool:
        """Whether it never happened."""
        left, self._happening = self._happening is not None, None
        return left

    def passed(self, place: str) -> None:
        if self._happening is None:
            return
        self._left -= 1
        if self._left <= 0:
            happening, self._happening = self._happening, None
            happening(place)


class WatchedStore(Store):
    boundaries: Boundaries

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        with super().begin() as tx:
            yield tx
        self.boundaries.passed("committed")


class WatchedDatabase(Database):
    """The workers' way to the database; people at the doors take another."""

    boundaries: Boundaries

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with super().begin() as session:
            yield session
        self.boundaries.passed("claimed")

    def store(self, organization: UUID) -> Store:
        store = WatchedStore(self.engines, organization, self._bell)
        store.boundaries = self.boundaries
        return store


class Watched(_Unreliable):
    """A provider in memory that tells before and after each word with it."""

    boundaries: Boundaries

    def _begin(self, method: str) -> Callable[[], None]:
        self.boundaries.passed(f"before {method}")
        armed = self._armed()
        try:
            done = super()._begin(method)
        finally:
            self.boundaries.faults += armed - self._armed()

        def answered() -> None:
            done()
            self.boundaries.passed(f"after {method}")

        return answered

    def _armed(self) -> int:
        return sum(failure.times for failure in self._failures)


class WatchedChat(Watched, FakeChat):
    pass


class WatchedTickets(Watched, FakeTickets):
    pass


class WatchedSpeech(Watched, FakeSpeech):
    """Hears what is written in the recording."""

    def transcribe(self, audio: bytes, *, hints: Sequence[str] = ()) -> Transcript:
        self._begin("transcribe")()
        return Transcript(audio.removeprefix(b"RIFF").decode(), 0.9)


class WatchedTriager(Watched, FakeTriager):
    """Has a verdict for each title, so that asking twice is no other answer."""

    def __init__(self) -> None:
        super().__init__()
        self.verdicts: dict[str, Verdict] = {}

    def triage(self, question: Question) -> Verdict:
        self._begin("triage")()
        return self.verdicts.get(question.title, judged("other", Severity.MEDIUM))


class WatchedMemory(Watched, FakeMemory):
    pass


class WatchedPhone(Watched, FakePhone):
    """Shows each call to `look` at the moment at which the phone begins to ring."""

    look: Callable[[FakeCall], None]

    def _begin(self, method: str) -> Callable[[], None]:
        before = len(self.placed)
        answered = super()._begin(method)

        def looked() -> None:
            for call in self.placed[before:] if method == "call" else ():
                self.look(call)
            answered()

        return looked
