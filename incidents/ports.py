"""What the product needs from the outside, in the product's own words. Each docstring is a contract that tests check.

Every method of every port may raise `TemporaryError` (ask again later) or `PermanentError` (asking again will not
help), and lets no other error of its SDK out. Every call has a time limit of a few seconds and is sent once: the job is
the retry.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from incidents.words import Route, Sentiment, Severity, Urgency


@dataclass(frozen=True, slots=True)
class Message:
    """A message for people. `text` is a full sentence for screen readers and phones; `blocks` is Slack's Block Kit."""

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users who are mentioned together. `handle` is without its @; `members` are users."""

    id: str
    handle: str
    name: str
    members: Collection[str]


class Chat(Protocol):
    """Where people work on an incident together."""

    def open_channel(self, name: str) -> Channel:
        """The channel of that name that we created: a new one, or the same again when asked again.

        A name that somebody else took gets a suffix (`incident-42-2`).
        """

    def set_topic(self, channel: str, topic: str) -> None: ...

    def invite(self, channel: str, users: Iterable[str]) -> None:
        """Those who are in already, and those who cannot come, are passed over."""

    def name_of(self, user: str) -> str | None:
        """The name by which people know the user; None when there is no such user."""

    def groups(self) -> Sequence[Group]:
        """The groups that are in use, with all their members; in no order."""

    def post(self, channel: str, message: Message, *, mark: str, thread: str | None = None) -> str:
        """The new message's timestamp. `mark` travels in the message's metadata, so that `find_post` finds it again."""

    def find_post(self, channel: str, *, mark: str, since: datetime, thread: str | None = None) -> str | None:
        """The timestamp of our message with that mark, posted at or after `since`; None when there is none."""

    def edit(self, channel: str, timestamp: str, message: Message) -> None: ...

    def pin(self, channel: str, timestamp: str) -> None:
        """A message that is pinned already stays pinned."""

    def check(self) -> str:
        """Who we are there, in a few words; for `doctor` and health."""


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call as the provider sees it. `status` is Twilio's: queued, ringing, in-progress, completed, busy, …"""

    sid: str
    status: str
    to: str
    started_at: datetime | None = None


class Phone(Protocol):
    """Calls that go out, and the recordings of those that came in."""

    def call(self, *, to: str, twiml: str, ring_for: timedelta, status_url: str | None = None) -> str:
        """Place a call and give its id. Not idempotent: the same again is a second call.

        What becomes of it is told to `status_url`.
        """

    def text(self, *, to: str, body: str) -> str:
        """Send a text message and give its id. Not idempotent."""

    def find_texts(self, *, to: str, since: datetime) -> Sequence[str]:
        """Our texts to that number that were made at or after `since`."""

    def find_calls(self, *, to: str, since: datetime) -> Sequence[PlacedCall]:
        """Our outgoing calls to that number that were created at or after `since`, the newest first."""

    def look_up(self, sid: str) -> PlacedCall: ...

    def hang_up(self, sid: str) -> None:
        """End a call that rings or talks; one that ended already stays ended."""

    def recording(self, sid: str) -> bytes:
        """The recording as a WAV file. `TemporaryError` while it is not ready."""

    def check(self) -> str: ...


class Mail(Protocol):
    """Letters that go out, each to one person."""

    def send(self, *, to: str, subject: str, text: str, mark: str) -> None:
        """Hand a letter in plain text to the mail server, for that address alone.

        Not idempotent, and nobody can be asked afterwards whether it was sent. `mark` becomes the letter's own id, by
        which a mailbox may know a second copy for the first.
        """

    def check(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Ticket:
    key: str
    url: str


class Tickets(Protocol):
    """The tracker of work."""

    def create(
        self, *, label: str, summary: str, description: str, priority: str, labels: Sequence[str] = ()
    ) -> Ticket:
        """A new ticket that carries `label` (unique to the incident) from its first moment. Not idempotent."""

    def find(self, *, label: str) -> Ticket | None:
        """The oldest ticket with that label. The provider's search may lag a write by minutes."""

    def update(self, key: str, *, summary: str, description: str, priority: str, labels: Sequence[str]) -> None:
        """Make the ticket say this. `category-…` and `severity-…` labels that are not listed go; all others stay.

        Refused (`PermanentError`) when a `tocsin-…` label that is listed is not on the ticket: it is somebody else's.
        """

    def close(self, key: str) -> None:
        """Move it to a state of the category "done"; one that is there already stays."""

    def reopen(self, key: str) -> None:
        """Move it out of "done"; one that is open already stays."""

    def check(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. `confidence` is between 0 and 1; an empty text means that nothing was understood."""

    text: str
    confidence: float


class Speech(Protocol):
    def transcribe(self, audio: bytes, *, hints: Sequence[str] = ()) -> Transcript:
        """`audio` is a WAV file of at most 55 s. `hints` are phrases that are likely to be said."""

    def check(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entry of the memory near a text; `similarity` is a cosine.

    `source` is `incident:<uuid>`, `seed:<name>`, `runbook:<file>:<section>` or `import:<id>`.
    """

    source: str
    title: str
    category: str
    similarity: float
    helped: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the memory keeps of an incident or runbook. `taught_by` is `seed`, `runbook`, `import` or a name.

    `source` is as in `Neighbour`; another wording of the same adds `#2`, `#3`.
    """

    source: str
    title: str
    text: str
    category: str
    taught_by: str
    helped: str | None = None
    number: int | None = None


def source_of(incident: UUID) -> str:
    """What the memory calls the lesson of an incident."""
    return f"incident:{incident}"


class Memory(Protocol):
    """What happened before, by meaning; each organization has its own."""

    def nearest(self, organization: UUID, text: str, *, limit: int) -> Sequence[Neighbour]:
        """The entries nearest in meaning, the most similar first, each once and by its nearest wording; empty when
        nothing is remembered.
        """

    def remember(self, organization: UUID, lessons: Sequence[Lesson]) -> None:
        """A lesson from a source that is known already replaces the earlier one."""

    def forget(self, organization: UUID, sources: Sequence[str]) -> None:
        """A source that is not known is no error."""

    def holds(self, organization: UUID, some: Sequence[Lesson], *, at_least: int) -> bool:
        """Whether it knows at least so many lessons, these among them in these words, and finds them by their meaning.

        False for one that is damaged or was lost; who is away raises.
        """

    def drop(self, organization: UUID) -> None:
        """All that it remembers; nothing is no error."""

    def check(self) -> str: ...

    def close(self) -> None:
        """Ends the connections; the next call makes new ones."""


@dataclass(frozen=True, slots=True)
class Question:
    """What triage is asked. `severity` is the reporter's own word, which nothing lowers; `kind` the reporter's type."""

    organization: UUID
    title: str
    description: str = ""
    kind: str | None = None
    severity: Severity | None = None
    categories: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that helped before, in the words of the entry of the memory that it comes from."""

    text: str
    source: str
    title: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What triage answers. `confidence` is a probability; `why` is one sentence for people.

    `reply` is a draft to the reporter, which a person may send; None leaves it to `incidents.drafts`.
    """

    category: str
    severity: Severity
    confidence: float
    route: Route
    why: str
    similar: Sequence[Neighbour] = ()
    helped: Sequence[Neighbour] = ()
    urgency: Urgency = Urgency.MEDIUM
    sentiment: Sentiment = Sentiment.CALM
    reply: str | None = None
    remediation: Sequence[Remedy] = ()


class Triager(Protocol):
    def triage(self, question: Question) -> Verdict:
        """Always a verdict: with memory and model out of reach the rules decide, and `why` says so."""


class Comparer(Protocol):
    """Whether two people report the same trouble in other words."""

    def alike(self, text: str, others: Mapping[int, str]) -> Sequence[tuple[int, float]]:
        """Those of the others that read like the text, each with its cosine, the most similar first."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A job that wants to be looked at, and the queue whose workers do its kind."""

    job: UUID
    queue: str


class Doorbell(Protocol):
    """Tells the workers to look at once. Only hurries: whoever misses it is found by the sweep."""

    def ring(self, rings: Sequence[Ring]) -> None:
        """Raises `TemporaryError` within 5 s when the broker does not answer."""
