"""The ports in memory: they keep their contracts like the real adapters, and can be told to fail."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from typing import Any

from incidents import mailing
from incidents.errors import IncidentError, PermanentError, TemporaryError
from incidents.ports import Channel, Group, Message, PlacedCall, Ticket, Transcript
from integrations.labels import outdated

Clock = Callable[[], datetime]
FINAL = ("completed", "busy", "no-answer", "failed", "canceled")


def real_time() -> datetime:
    return datetime.now(UTC)


@dataclass
class _Failure:
    method: str
    error: Exception
    times: int
    after: bool


class _Unreliable:
    """Counts the calls of its methods, and fails those that it was told to."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._failures: list[_Failure] = []

    def fail(self, error: Exception, *, method: str = "*", times: int = 1, after: bool = False) -> None:
        """`after`: the effect happens, and then the error: the caller cannot know."""
        self._failures.append(_Failure(method, error, times, after))

    def works_again(self) -> None:
        """Nothing fails any more."""
        self._failures.clear()

    def _begin(self, method: str) -> Callable[[], None]:
        """Raises what was asked for; the answer is to be called when the effect has happened."""
        self.calls.append(method)
        failure = next((each for each in self._failures if each.method in (method, "*")), None)
        if failure is None:
            return lambda: None
        failure.times -= 1
        if failure.times == 0:
            self._failures.remove(failure)
        error = failure.error
        if not failure.after:
            raise error
        return lambda: _raise(error)


def _raise(error: Exception) -> None:
    raise error


@dataclass
class Posted:
    channel: str
    timestamp: str
    at: datetime
    message: Message
    mark: str
    thread: str | None


class FakeChat(_Unreliable):
    """`taken` are names of channels that somebody else created; `strangers` are users who cannot be invited."""

    def __init__(self, *, clock: Clock = real_time, taken: Iterable[str] = (), strangers: Iterable[str] = ()) -> None:
        super().__init__()
        self._clock = clock
        self._taken, self._strangers = set(taken), set(strangers)
        self._numbers = count(1)
        self.channels: dict[str, Channel] = {}
        self.members: dict[str, list[str]] = {}
        self.topics: dict[str, str] = {}
        self.posts: list[Posted] = []
        self.pins: list[tuple[str, str]] = []
        self.user_groups = [Group("S0SRE", "sre", "SRE", frozenset({"U0BEA", "U0CY"}))]

    def open_channel(self, name: str) -> Channel:
        done = self._begin("open_channel")
        free = next(each for each in chain([name], (f"{name}-{n}" for n in count(2))) if each not in self._taken)
        if free not in self.channels:
            self.channels[free] = Channel(id=f"C{len(self.channels) + 1:03}", name=free)
        done()
        return self.channels[free]

    def set_topic(self, channel: str, topic: str) -> None:
        done = self._begin("set_topic")
        self.topics[channel] = topic
        done()

    def invite(self, channel: str, users: Iterable[str]) -> None:
        done = self._begin("invite")
        inside = self.members.setdefault(channel, [])
        inside += [user for user in users if user not in inside and user not in self._strangers]
        done()

    def name_of(self, user: str) -> str | None:
        done = self._begin("name_of")
        done()
        return None if user in self._strangers else f"Name of {user}"

    def groups(self) -> Sequence[Group]:
        done = self._begin("groups")
        done()
        return list(self.user_groups)

    def post(self, channel: str, message: Message, *, mark: str, thread: str | None = None) -> str:
        done = self._begin("post")
        now = self._clock()
        timestamp = f"{int(now.timestamp())}.{next(self._numbers):06}"
        self.posts.append(Posted(channel, timestamp, now, message, mark, thread))
        done()
        return timestamp

    def find_post(self, channel: str, *, mark: str, since: datetime, thread: str | None = None) -> str | None:
        done = self._begin("find_post")
        place = [post for post in self.posts if post.channel == channel and post.thread == thread]
        found = [post.timestamp for post in place if post.mark == mark and post.at >= since]
        done()
        return found[0] if found else None

    def edit(self, channel: str, timestamp: str, message: Message) -> None:
        done = self._begin("edit")
        self._post(channel, timestamp).message = message
        done()

    def pin(self, channel: str, timestamp: str) -> None:
        done = self._begin("pin")
        self._post(channel, timestamp)
        if (channel, timestamp) not in self.pins:
            self.pins.append((channel, timestamp))
        done()

    def check(self) -> str:
        self._begin("check")()
        return "tocsin in memory"

    def _post(self, channel: str, timestamp: str) -> Posted:
        for post in self.posts:
            if (post.channel, post.timestamp) == (channel, timestamp):
                return post
        raise PermanentError("there is no such message")


@dataclass
class FakeCall:
    sid: str
    to: str
    twiml: str
    status_url: str
    ring_for: timedelta
    at: datetime
    status: str = "queued"


class FakePhone(_Unreliable):
    """Calls stay as they are until a test sets their `status`; `recordings` are those that are ready."""

    def __init__(self, *, clock: Clock = real_time) -> None:
        super().__init__()
        self._clock = clock
        self.placed: list[FakeCall] = []
        self.texted: list[tuple[str, str]] = []
        self._texted_at: list[datetime] = []
        self.recordings: dict[str, bytes] = {}

    def call(self, *, to: str, twiml: str, ring_for: timedelta, status_url: str | None = None) -> str:
        done = self._begin("call")
        if not (to.startswith("+") and to[1:].isdecimal()):
            raise PermanentError(f"{to} is no phone number")
        call = FakeCall(f"CA{len(self.placed) + 1:032}", to, twiml, status_url or "", ring_for, self._clock())
        self.placed.append(call)
        done()
        return call.sid

    def text(self, *, to: str, body: str) -> str:
        done = self._begin("text")
        self.texted.append((to, body))
        self._texted_at.append(self._clock())
        done()
        return f"SM{len(self.texted):032}"

    def find_texts(self, *, to: str, since: datetime) -> Sequence[str]:
        done = self._begin("find_texts")
        made = zip(self.texted, self._texted_at, strict=True)
        found = [body for (phone, body), at in made if phone == to and at >= since.replace(microsecond=0)]
        done()
        return found

    def find_calls(self, *, to: str, since: datetime) -> Sequence[PlacedCall]:
        done = self._begin("find_calls")
        since = since.replace(microsecond=0)
        found = [call for call in reversed(self.placed) if call.to == to and call.at >= since]
        done()
        return [_shown(call) for call in found]

    def look_up(self, sid: str) -> PlacedCall:
        done = self._begin("look_up")
        call = self._call(sid)
        done()
        return _shown(call)

    def hang_up(self, sid: str) -> None:
        done = self._begin("hang_up")
        call = self._call(sid)
        if call.status not in FINAL:
            call.status = "completed"
        done()

    def recording(self, sid: str) -> bytes:
        self._begin("recording")()
        if sid not in self.recordings:
            raise TemporaryError("the recording is not there yet")
        return self.recordings[sid]

    def check(self) -> str:
        self._begin("check")()
        return "a phone in memory"

    def _call(self, sid: str) -> FakeCall:
        for call in self.placed:
            if call.sid == sid:
                return call
        raise PermanentError(f"there is no call {sid}")


@dataclass(frozen=True)
class FakeLetter:
    to: str
    subject: str
    text: str
    mark: str


class FakeMail(_Unreliable):
    """`letters` are those that the mail server took, copies too."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[FakeLetter] = []

    def send(self, *, to: str, subject: str, text: str, mark: str) -> None:
        done = self._begin("send")
        try:
            mailing.address(to)
        except IncidentError as error:
            raise PermanentError(str(error)) from error
        self.letters.append(FakeLetter(to, " ".join(subject.split()), text, mark))
        done()

    def check(self) -> str:
        self._begin("check")()
        return "letters in memory"


def _shown(call: FakeCall) -> PlacedCall:
    return PlacedCall(sid=call.sid, status=call.status, to=call.to, started_at=call.at)


@dataclass
class FakeTicket:
    ticket: Ticket
    summary: str
    description: str
    priority: str
    labels: list[str] = field(default_factory=list)
    done: bool = False
    found: bool = True


class FakeTickets(_Unreliable):
    """With `lagging`, what is created is not found before a test sets `found`."""

    def __init__(self, *, project: str = "OPS", lagging: bool = False) -> None:
        super().__init__()
        self._project = project
        self._lagging = lagging
        self.tickets: dict[str, FakeTicket] = {}

    def create(
        self, *, label: str, summary: str, description: str, priority: str, labels: Sequence[str] = ()
    ) -> Ticket:
        done = self._begin("create")
        key = f"{self._project}-{len(self.tickets) + 1}"
        ticket = Ticket(key=key, url=f"http://tickets.test/browse/{key}")
        made = list(dict.fromkeys([label, *labels]))
        self.tickets[key] = FakeTicket(ticket, summary, description, priority, made, found=not self._lagging)
        done()
        return ticket

    def find(self, *, label: str) -> Ticket | None:
        done = self._begin("find")
        found = [each.ticket for each in self.tickets.values() if each.found and label in each.labels]
        done()
        return found[0] if found else None

    def update(self, key: str, *, summary: str, description: str, priority: str, labels: Sequence[str]) -> None:
        done = self._begin("update")
        now = self._ticket(key)
        gone = outdated(now.labels, labels)
        kept = [label for label in now.labels if label not in gone]
        everything: dict[str, Any] = {"summary": summary, "description": description, "priority": priority}
        self.tickets[key] = replace(now, **everything, labels=list(dict.fromkeys([*kept, *labels])))
        done()

    def close(self, key: str) -> None:
        done = self._begin("close")
        self._ticket(key).done = True
        done()

    def reopen(self, key: str) -> None:
        done = self._begin("reopen")
        self._ticket(key).done = False
        done()

    def check(self) -> str:
        self._begin("check")()
        return f"project {self._project} in memory"

    def _ticket(self, key: str) -> FakeTicket:
        if key not in self.tickets:
            raise PermanentError(f"there is no ticket {key}")
        return self.tickets[key]


class FakeSpeech(_Unreliable):
    """Hears `script` in turn, and nothing when it has ended."""

    def __init__(self, *script: Transcript) -> None:
        super().__init__()
        self.script = list(script)
        self.hints: list[Sequence[str]] = []

    def transcribe(self, audio: bytes, *, hints: Sequence[str] = ()) -> Transcript:
        done = self._begin("transcribe")
        if not audio.startswith(b"RIFF"):
            raise PermanentError("the recording is not a WAV file")
        self.hints.append(hints)
        done()
        return self.script.pop(0) if self.script else Transcript(text="", confidence=0.0)

    def check(self) -> str:
        self._begin("check")()
        return "ears in memory"
