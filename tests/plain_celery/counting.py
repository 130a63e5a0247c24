"""What came of a script, counted in the sandbox's ledger: what the providers saw, not what a design believes."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import httpx

from tests.plain_celery.player import Played
from tests.plain_celery.script import CALL, CHANNEL, TICKET, Script

BEA, CY = "+12025550111", "+12025550112"
LATE = 1.0
"""A call that is placed so many seconds after the answer to the acknowledgement is one too many."""
Json = dict[str, Any]


@dataclass
class Count:
    """Incidents, but for `calls_after_acknowledgement`, `called_twice` and `calls`, which are calls."""

    reports: int = 0
    accepted: int = 0
    never_called: int = 0
    not_escalated: int = 0
    called_twice: int = 0
    calls_after_acknowledgement: int = 0
    channels_missing: int = 0
    channels_twice: int = 0
    tickets_missing: int = 0
    tickets_twice: int = 0
    calls: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Count)))

    @property
    def whole(self) -> bool:
        return not (self.never_called or self.not_escalated or self.channels_missing or self.tickets_missing)


@dataclass(frozen=True, slots=True)
class Call:
    at: float
    to: str


class Books:
    """The ledger of one design, and which of its entries are about which report."""

    def __init__(self, ledger: list[Json], ask: Callable[[str], Json]) -> None:
        done = [entry for entry in ledger if entry["effect"] is not None]
        self._ask = ask
        self._calls = {entry["effect"]["call"]: entry for entry in done if entry["method"] == CALL}
        self._channels = Counter(entry["effect"]["name"] for entry in done if entry["method"] == CHANNEL)
        tickets = [json.dumps(entry["request"]) for entry in done if entry["method"] == TICKET]
        self._tickets = Counter(match[0] for text in tickets if (match := re.search(r"\bs\d+-\d+\b", text)))

    def count(self, script: Script, played: Played) -> Count:
        total = Count()
        self.doubles: list[str] = []
        for report in script.reports:
            total.reports += 1
            if report.id not in played.accepted:
                continue
            total.accepted += 1
            number = self._ask(f"/api/v1/incidents/{report.id}")["number"]
            calls = self._about(report.id, number)
            taken = played.acknowledged.get(report.id)
            before = [call for call in calls if taken is None or call.at <= taken + LATE]
            people = Counter(call.to for call in calls)
            channels = sum(self._channels[name] for name in self._channels if _is_of(name, number))
            total.calls += len(calls)
            total.never_called += taken is None and not calls
            total.not_escalated += taken is None and bool(calls) and CY not in people
            total.called_twice += sum(times - 1 for times in people.values())
            if max(people.values(), default=0) > 1:
                self.doubles.append(f"{report.id} (#{number}): {[(call.to, round(call.at, 1)) for call in calls]}")
            total.calls_after_acknowledgement += len(calls) - len(before)
            total.channels_missing += channels == 0
            total.channels_twice += channels > 1
            total.tickets_missing += self._tickets[report.id] == 0
            total.tickets_twice += self._tickets[report.id] > 1
        return total

    def _about(self, id: str, number: int) -> list[Call]:
        """Calls that say the incident's number, and those of which its timeline says that they were about it too."""
        lines = self._ask(f"/api/v1/incidents/{id}/timeline").get("timeline", [])
        told = {line["details"].get("call") for line in lines if line["kind"] == "paged"}
        found = [
            entry
            for sid, entry in self._calls.items()
            if sid in told or re.search(rf"\bincident {number}\b", str(entry["request"]), re.IGNORECASE)
        ]
        return [Call(datetime.fromisoformat(entry["at"]).timestamp(), entry["request"]["To"]) for entry in found]


def _is_of(channel: str, number: int) -> bool:
    return re.fullmatch(rf"incident-{number}(-\d+)?", channel) is not None


def books(address: str, sandbox: str, key: str) -> Books:
    http = httpx.Client(timeout=30, trust_env=False, headers={"X-API-Key": key})

    def ask(path: str) -> Json:
        answer = http.get(f"{address}{path}")
        return dict(answer.json()) if answer.status_code == 200 else {}

    return Books(http.get(f"{sandbox}/ledger", params={"after": 0}).json(), ask)
