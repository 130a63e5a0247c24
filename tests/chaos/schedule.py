"""A schedule: what people do and what breaks, second by second, as a pure function of a seed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

TROUBLE_SECONDS = 10.0
PROCESSES = ("web", "worker-page", "worker-triage", "worker-default", "sweep")
ALL_WORKERS = "workers"
SEVERITIES = ("HIGH", "HIGH", "MEDIUM", "LOW", "")
TEXTS = (
    "Connection timeout on the orders database",
    "checkout returns 502 for everybody",
    "disk full on the backup host",
    "DNS does not resolve in the western region",
    "nobody can log in with single sign-on",
    "the payment provider answers with errors",
    "a certificate on the proxy runs out today",
)
EMOJI = {"file_cabinet": "database", "lock": "security", "floppy_disk": "storage", "key": "access"}
"""What a reaction on the card says, in the words of the documentation."""


@dataclass(frozen=True)
class Act:
    """`about` is the report that it makes, or is about; reports count from 0."""

    at: float
    kind: str
    about: int = -1
    with_: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """`on` is a process, a provider or a connection; over after `lasts` seconds."""

    at: float
    kind: str
    on: str = ""
    lasts: float = 0.0
    with_: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """`ladder` says that in the end nobody acknowledges what is open, so that every step of paging comes; `socket`,
    that Slack reaches the product in Socket Mode. `settings` are done before all else, while all is well.
    """

    seed: int
    acts: tuple[Act, ...]
    faults: tuple[Fault, ...]
    ladder: bool = False
    sweeps: int = 1
    socket: bool = False
    settings: tuple[Act, ...] = ()

    def with_parts(self, acts: tuple[Act, ...], faults: tuple[Fault, ...]) -> "Schedule":
        """The same with fewer acts and faults; what is about a report that is not made any more goes with it."""
        made = {act.about for act in acts if act.kind in REPORTS}
        kept = tuple(act for act in acts if act.about < 0 or act.about in made)
        return replace(self, acts=kept, faults=faults)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Schedule":
        acts = tuple(Act(**act) for act in kept["acts"])
        faults = tuple(Fault(**fault) for fault in kept["faults"])
        settings = tuple(Act(**act) for act in kept.get("settings", ()))
        return cls(kept["seed"], acts, faults, kept["ladder"], kept["sweeps"], kept["socket"], settings)


REPORTS = ("report", "command", "mention", "hotline")


def schedule(seed: int) -> Schedule:
    """The same for the same seed, on every machine."""
    chance = random.Random(seed)  # noqa: S311  # Chance that repeats itself, no secret.
    acts = _acts(chance)
    faults = [_fault(chance) for _ in range(chance.randint(3, 7))]
    socket = chance.random() < 0.2
    if socket:
        faults += [_kill(chance, on="socket"), _stop(chance, on="socket")][: chance.randint(1, 2)]
    return Schedule(
        seed,
        tuple(sorted(acts, key=lambda act: act.at)),
        tuple(sorted(faults, key=lambda fault: fault.at)),
        ladder=chance.random() < 0.25,
        sweeps=2 if chance.random() < 0.3 else 1,
        socket=socket,
        settings=tuple(_settings(random.Random(f"{seed}-settings"))),  # noqa: S311  # As above.
    )


def _settings(chance: random.Random) -> Iterator[Act]:
    """In two of three schedules. By a chance of their own: the rest of a seed is what it was without them."""
    if chance.random() < 1 / 3:
        return
    if chance.random() < 0.7:
        first = chance.choice(("schedule", "person", "list"))
        yield Act(0.0, "policy", -1, {"first": first, "text_after": chance.choice((0, 10, 30))})
    if chance.random() < 0.4:
        yield Act(0.0, "rules", -1, {"rules": chance.choice(({"gap": 60}, {"most_calls": 2}, {"most_calls": 1}))})
    if chance.random() < 0.4:
        yield Act(0.0, "silence", -1, {"seconds": chance.choice((40, 70, 110))})
    if chance.random() < 0.5:
        yield Act(0.0, "stakeholder", -1, {"severities": chance.choice(([], [], ["HIGH"]))})


def _acts(chance: random.Random) -> list[Act]:
    acts: list[Act] = []
    for about in range(chance.randint(3, 7)):
        at = _time(chance, until=0.8)
        kind = chance.choices(REPORTS, weights=(5, 3, 2, 2))[0]
        severity = chance.choice(SEVERITIES)
        acts.append(Act(at, kind, about, {"text": chance.choice(TEXTS), "severity": severity}))
        acts += _follow_up(chance, about, kind, at)
    acts += [
        Act(_time(chance), "clock", -1, {"seconds": chance.choice((20, 45, 60, 120))})
        for _ in range(chance.randint(0, 2))
    ]
    lines = ("busy", "unreachable", "voicemail", "free")
    acts += [
        Act(_time(chance), "line", -1, {"who": chance.choice(("bea", "cy")), "line": chance.choice(lines)})
        for _ in range(chance.randint(0, 2))
    ]
    return acts


def _follow_up(chance: random.Random, about: int, kind: str, at: float) -> list[Act]:
    """What people do with a report later on."""
    acts: list[Act] = []
    if kind == "report" and chance.random() < 0.35:
        acts.append(Act(_time(chance, since=at), "again", about))
    if chance.random() < 0.4:
        way = chance.choice(("rest", "button", "command", "eyes"))
        acts.append(Act(_time(chance, since=at + 1), "acknowledge", about, {"way": way}))
    if chance.random() < 0.35:
        emoji = chance.choice(tuple(EMOJI))
        when = _time(chance, since=at + 1)
        acts.append(Act(when, "correct", about, {"emoji": emoji}))
        if chance.random() < 0.4:
            acts.append(Act(round(when + chance.uniform(0.3, 3), 2), "take_back", about, {"emoji": emoji}))
    return acts


def _fault(chance: random.Random) -> Fault:
    makers: dict[Callable[[random.Random], Fault], int] = {
        _kill: 5,
        _stop: 3,
        _provider: 6,
        _network: 5,
        _webhooks: 3,
        _redis: 3,
        _postgres: 2,
    }
    return chance.choices(tuple(makers), weights=tuple(makers.values()))[0](chance)


def _kill(chance: random.Random, *, on: str = "") -> Fault:
    return Fault(_time(chance), "kill", on or chance.choice((*PROCESSES, ALL_WORKERS)))


def _stop(chance: random.Random, *, on: str = "") -> Fault:
    return Fault(_time(chance), "stop", on or chance.choice(PROCESSES), _length(chance, 8))


METHODS = {
    "slack": ("*", "conversations.create", "chat.postMessage", "conversations.invite"),
    "twilio": ("*", "POST /Accounts/{Sid}/Calls.json"),
    "jira": ("*", "POST /rest/api/2/issue"),
    "model": ("*",),
    "speech": ("*",),
}
BREAKS = ("500", "500-after", "503", "429", "reset", "reset-after", "silence", "silence-after", "delay", "garbage")


def _provider(chance: random.Random) -> Fault:
    """The stand-in itself misbehaves, for the next so many requests."""
    provider = chance.choices(tuple(METHODS), weights=(4, 5, 3, 1, 1))[0]
    asked = {"method": chance.choice(METHODS[provider]), "kind": chance.choice(BREAKS), "times": chance.randint(1, 4)}
    return Fault(_time(chance), "provider", provider, 0.0, asked)


WIRES = ("slack", "twilio", "jira", "model", "redis", "postgres", "chroma")


def _network(chance: random.Random) -> Fault:
    """The way to somebody is bad; a database says nothing of its own accord, so it gets no garbage."""
    wire = chance.choice(WIRES)
    kinds = ["reset", "silence", "delay", "cut", "lost-answer"]
    if wire not in ("redis", "postgres"):
        kinds.append("garbage")
    return Fault(_time(chance), "network", wire, _length(chance, 6), {"rule": chance.choice(kinds)})


def _webhooks(chance: random.Random) -> Fault:
    rule = chance.choice(("replay", "replay", "reorder", "lost-answer", "reset", "silence", "delay"))
    return Fault(_time(chance), "network", "webhooks", _length(chance, 6), {"rule": rule})


def _redis(chance: random.Random) -> Fault:
    return chance.choice(
        (Fault(_time(chance), "flush", "redis"), Fault(_time(chance), "down", "redis", _length(chance, 5)))
    )


def _postgres(chance: random.Random) -> Fault:
    """`restart` ends it in good order, `crash` with SIGKILL; it comes back as soon as it can."""
    return Fault(_time(chance), chance.choice(("restart", "crash")), "postgres")


def _time(chance: random.Random, *, since: float = 0.0, until: float = 1.0) -> float:
    latest = max(since, TROUBLE_SECONDS * until)
    return round(chance.uniform(since, latest), 2)


def _length(chance: random.Random, most: float) -> float:
    return round(chance.uniform(0.5, most), 2)
