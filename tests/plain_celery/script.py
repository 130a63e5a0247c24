"""What happens in one schedule, the same for both designs: a pure function of a seed."""

import random
from dataclasses import dataclass, replace

REPORTS = 8
WINDOW = 25.0
"""Seconds in which a schedule happens; the next one begins after it."""
CALL, CHANNEL = "POST /Accounts/{Sid}/Calls.json", "conversations.create"
TICKET = "POST /rest/api/2/issue"
METHODS = (("twilio", CALL), ("slack", CHANNEL), ("slack", "chat.postMessage"), ("jira", TICKET))
BREAKS = ("500", "500-after", "503", "429", "reset", "reset-after", "silence", "silence-after", "garbage")
TROUBLES = ("kill the workers", "kill a worker process", "kill the web", "kill Redis", "empty Redis")


@dataclass(frozen=True, slots=True)
class Report:
    at: float
    id: str
    severity: str
    acknowledged_at: float | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """`what` is one of TROUBLES, or a fault of a provider."""

    at: float
    what: str
    provider: str = ""
    method: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Script:
    seed: int
    reports: tuple[Report, ...]
    troubles: tuple[Trouble, ...]


def script(seed: int, *, keep_redis: bool = False) -> Script:
    """With `keep_redis` Redis is killed, and comes back with its journal, where it would be emptied."""
    chance = random.Random(seed)  # noqa: S311  # Chance that repeats itself, no secret.
    reports = []
    for number in range(REPORTS):
        at = chance.uniform(0, WINDOW * 0.7)
        acknowledged = at + chance.uniform(2, 15) if chance.random() < 0.5 else None
        reports.append(Report(at, f"s{seed}-{number}", chance.choice(("HIGH", "MEDIUM")), acknowledged))
    troubles = [Trouble(chance.uniform(0, WINDOW), chance.choice(TROUBLES)) for _ in range(3)]
    if keep_redis:
        troubles = [replace(each, what="kill Redis") if each.what == "empty Redis" else each for each in troubles]
    for _ in range(3):
        provider, method = chance.choice(METHODS)
        broken = chance.choice(BREAKS)
        troubles.append(Trouble(chance.uniform(0, WINDOW), broken, provider, method, chance.randint(1, 2)))
    return Script(seed, tuple(reports), tuple(sorted(troubles, key=lambda trouble: trouble.at)))
