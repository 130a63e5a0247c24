"""Workers killed with SIGKILL while incidents are in flight, at phases that the ledger shows; then all is counted.

`python -m tests.story.killing 50` does it with fifty incidents and prints what was counted as JSON.
"""

import json
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.play import Play, eventually, playing

CREATE_CHANNEL = "conversations.create"
POST_MESSAGE = "chat.postMessage"
CREATE_CALL = "POST /Accounts/{Sid}/Calls.json"
WORKERS = 3
REPORTS = (
    "Connection timeout on the orders database",
    "checkout returns 502 for everybody",
    "disk full on db-3",
    "DNS does not resolve in eu-west",
    "a user cannot log in with single sign-on",
)


@dataclass
class Count:
    """What was found in the end. Each number of things that are twice or missing must be 0."""

    incidents: int
    phases: list[str] = field(default_factory=list)
    seconds: float = 0.0
    triaged: int = 0
    channels: int = 0
    cards: int = 0
    tickets: int = 0
    paged: int = 0
    calls: int = 0
    twice: list[str] = field(default_factory=list)
    not_paged: list[str] = field(default_factory=list)


def run(play: Play, incidents: int, *, kills: int = 5, within: float = 900.0) -> Count:
    """Report, kill all workers at `kills` phases, wait until nothing is owed any more, count."""
    began = time.monotonic()
    count = Count(incidents)
    for number in range(incidents):
        severity = {"severity": "HIGH"} if number % 2 else {}
        play.report(id=f"kill-{number}", description=REPORTS[number % len(REPORTS)], **severity)
    few = max(1, incidents // 5)
    phases: list[tuple[str, Callable[[], bool]]] = [
        ("reports accepted", lambda: True),
        ("first calls placed", lambda: len(play.ledger(method=CREATE_CALL)) >= few),
        ("some triaged", lambda: sum(each["triage"] == "triaged" for each in play.incidents()) >= 2 * few),
        ("channels opening", lambda: len(play.ledger(method=CREATE_CHANNEL)) >= 2 * few),
        ("cards and tickets", lambda: len(_tickets(play)) >= 3 * few),
    ]
    for name, reached in phases[:kills]:
        eventually(reached, within=120, saying=f"phase {name!r} was never reached")
        eventually(lambda: len(workers()) == WORKERS, within=60, saying="the workers did not come back")
        killed = kill_workers()
        count.phases.append(f"{name}: {len(killed)} workers at {time.monotonic() - began:.1f} s")
    eventually(lambda: _all_there(play, incidents), within=within, saying="not everything was done")
    for each in play.incidents():
        play.api("POST", f"/api/v1/incidents/{each['number']}/ack", {})
    eventually(lambda: _nothing_owed(play), within=within, saying="something is owed for ever")
    count.seconds = round(time.monotonic() - began, 1)
    _tally(play, count)
    return count


def kill_workers() -> list[int]:
    """SIGKILL to every worker process of this run."""
    killed = workers()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    return killed


def workers() -> list[int]:
    return processes(b"tasks.worker")


def processes(module: bytes) -> list[int]:
    """Those of this run's supervisors that run this module: children of our own children."""
    ours = _children(os.getpid())
    return [pid for parent in ours for pid in _children(parent) if module in _command(pid)]


def _children(pid: int) -> list[int]:
    return [
        int(word) for task in Path(f"/proc/{pid}/task").iterdir() for word in (task / "children").read_text().split()
    ]


def _command(pid: int) -> bytes:
    path = Path(f"/proc/{pid}/cmdline")
    return path.read_bytes() if path.exists() else b""


def _tickets(play: Play) -> list[str]:
    created = [
        entry for entry in play.ledger(provider="jira") if re.fullmatch(r"POST /rest/api/\d/issue", entry["method"])
    ]
    return [json.dumps(entry["request"]) for entry in created]


def _all_there(play: Play, incidents: int) -> bool:
    """Every incident is triaged, has its places, and was paged unless it does not page."""
    found = play.incidents()
    done = [each for each in found if each["triage"] == "triaged" and each["channel"] and each["ticket"]]
    return len(done) == incidents and all(
        each["severity"] == "LOW" or _was_paged(play, each["number"]) for each in found
    )


def _was_paged(play: Play, number: int) -> bool:
    return any(job["kind"] == "PAGE" and job["outcome"] == "done" for job in play.jobs(number))


def _nothing_owed(play: Play) -> bool:
    return all(job["done_at"] for each in play.incidents() for job in play.jobs(each["number"]))


def _tally(play: Play, count: Count) -> None:
    found = play.incidents()
    channels = Counter(entry["effect"]["name"] for entry in play.ledger(method=CREATE_CHANNEL))
    tickets = Counter(label for text in _tickets(play) for label in re.findall(r"tocsin-[0-9a-f-]{36}", text)[:1])
    calls = Counter(
        match[1]
        for entry in play.ledger(method=CREATE_CALL)
        if (match := re.search(r"incident (\d+)\.", json.dumps(entry["request"])))
    )
    count.triaged = sum(each["triage"] == "triaged" for each in found)
    count.channels, count.tickets = len(channels), len(tickets)
    count.twice += [f"channel {name}" for name, times in channels.items() if times > 1]
    count.twice += [f"ticket {label}" for label, times in tickets.items() if times > 1]
    for each in found:
        number = each["number"]
        cards = [message for message in play.messages(f"incident-{number}") if _is_card(message)]
        count.cards += bool(cards)
        count.twice += [f"card of #{number}"] * (len(cards) > 1)
        taken_up = [job for job in play.jobs(number) if job["kind"] == "PAGE" and job["attempts"]]
        placed = calls[str(number)]
        count.calls += placed
        count.paged += placed > 0
        if not placed and each["severity"] != "LOW":
            count.not_paged.append(f"#{number} {each['severity']} {play.timeline(number)}")
        count.twice += [f"call for #{number}"] * (placed > len(taken_up))


def _is_card(message: dict[str, object]) -> bool:
    return any(block["type"] == "header" for block in message.get("blocks") or [])  # type: ignore[attr-defined]


def main(incidents: int) -> int:
    with tempfile.TemporaryDirectory(prefix="tocsin-kill-") as folder, playing(Path(folder) / "data") as play:
        count = run(play, incidents)
    sys.stdout.write(json.dumps(asdict(count), indent=2) + "\n")
    whole = {count.triaged, count.channels, count.cards, count.tickets} == {incidents}
    return 0 if whole and not count.twice and not count.not_paged else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
