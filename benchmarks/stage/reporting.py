"""Reports to the running product over REST, and when each was triaged, called about and given its channel."""

import http.client
import json
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy import text

from benchmarks.stage.product import Product

CALL = "POST /Accounts/{Sid}/Calls.json"
CHANNEL = "conversations.create"

TRIAGED = text("SELECT number, triaged_at FROM incidents WHERE triaged_at IS NOT NULL")
RINGING = text(
    "SELECT (SELECT count(*) FROM calls WHERE status NOT IN ('completed', 'busy', 'no-answer', 'failed', 'canceled'))"
    " + (SELECT count(*) FROM jobs WHERE kind IN ('PAGE', 'CANCEL_CALL') AND done_at IS NULL)"
)
DUE = text("SELECT count(*) FROM jobs WHERE done_at IS NULL AND due <= now()")
PAGED = text(
    "SELECT DISTINCT ON (i.number) i.number, t.at, t.details->>'call' AS call, t.details ? 'joined' AS joined"
    " FROM timeline t JOIN incidents i ON i.id = t.incident_id WHERE t.kind = 'paged' ORDER BY i.number, t.id"
)


@dataclass(frozen=True)
class Sent:
    number: int
    at: datetime


class Reporter:
    """One connection that stays open."""

    def __init__(self, product: Product) -> None:
        parts = urlsplit(product.address)
        self._headers = {"X-API-Key": product.key, "Content-Type": "application/json"}
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def report(self, title: str, *, severity: str) -> Sent:
        """`at` is the moment before the request goes out."""
        at = datetime.now(UTC)
        answer = self._post("/api/v1/incidents", {"title": title, "severity": severity, "source": "benchmark"})
        return Sent(answer["number"], at)

    def resolve(self, number: int) -> None:
        self._post(f"/api/v1/incidents/{number}/resolve", {"how": "It was a measurement."})

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self._connection.request("POST", path, json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {said[:200]!r}")
        return dict(json.loads(said))


def at_once(product: Product, *, clients: int, severity: str, title: str) -> list[Sent]:
    """Each client reports one, all at the same moment."""
    start, sent = threading.Barrier(clients), []

    def one(number: int) -> None:
        reporter = Reporter(product)
        start.wait()
        sent.append(reporter.report(f"{title} {number}", severity=severity))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(sent) < clients:
        raise RuntimeError(f"{clients - len(sent)} of {clients} reports were not accepted")
    return sent


def evenly(product: Product, *, number: int, seconds: float, severity: str, title: str) -> list[Sent]:
    """So many within that time, at equal distances, each on its own thread, so that none waits for another."""
    sent: list[Sent] = []

    def one(n: int) -> None:
        sent.append(Reporter(product).report(f"{title} {n}", severity=severity))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(number)]
    began = time.monotonic()
    for n, thread in enumerate(threads):
        time.sleep(max(began + n * seconds / number - time.monotonic(), 0))
        thread.start()
    for thread in threads:
        thread.join()
    if len(sent) < number:
        raise RuntimeError(f"{number - len(sent)} of {number} reports were not accepted")
    return sent


def triaged(product: Product, sent: Sequence[Sent]) -> dict[int, float]:
    """Seconds from report to triage, by the incident's number; the clocks are this machine's."""
    began = {each.number: each.at for each in sent}
    with product.database.begin() as connection:
        rows = connection.execute(TRIAGED).all()
    return {row.number: (row.triaged_at - began[row.number]).total_seconds() for row in rows if row.number in began}


def called(product: Product, sent: Sequence[Sent]) -> dict[int, float]:
    """Seconds from report to the call that covers it, by the incident's number.

    A call of its own counts from when the provider has it (the ledger's time); a call that the incident joined while
    it rang, from when it joined. A call that is not in the ledger covers nobody.
    """
    began = {each.number: each.at for each in sent}
    placed = {entry["effect"]["call"]: _moment(entry) for entry in ledger(product, CALL) if entry["effect"]}
    with product.database.begin() as connection:
        rows = [row for row in connection.execute(PAGED).all() if row.number in began and row.call in placed]
    covered = {row.number: max(row.at, placed[row.call]) if row.joined else placed[row.call] for row in rows}
    return {number: (at - began[number]).total_seconds() for number, at in covered.items()}


def first_calls(product: Product, sent: Sequence[Sent]) -> set[str]:
    """The calls by which the reports were covered first."""
    numbers = {each.number for each in sent}
    with product.database.begin() as connection:
        return {row.call for row in connection.execute(PAGED).all() if row.number in numbers}


def quiet(product: Product) -> bool:
    """Whether no phone rings and no call is being ended."""
    with product.database.begin() as connection:
        return int(connection.execute(RINGING).scalar_one()) == 0


def idle(product: Product) -> bool:
    """Whether no job is due at this moment."""
    with product.database.begin() as connection:
        return int(connection.execute(DUE).scalar_one()) == 0


def channels(product: Product, sent: Sequence[Sent]) -> tuple[dict[int, float], set[int]]:
    """Seconds from report to its channel, by the incident's number; and which were refused by Slack's limit."""
    began = {each.number: each.at for each in sent}
    opened: dict[int, float] = {}
    refused: set[int] = set()
    for entry in ledger(product, CHANNEL):
        number = int(re.findall(r"incident-(\d+)", json.dumps(entry["request"]))[0])
        if number not in began:
            continue
        if entry["effect"]:
            opened.setdefault(number, (_moment(entry) - began[number]).total_seconds())
        elif "ratelimited" in json.dumps(entry["response"]):
            refused.add(number)
    return opened, refused


def ledger(product: Product, method: str) -> list[dict[str, Any]]:
    """What the sandbox's providers were asked by that method."""
    entries = httpx.get(f"{product.sandbox}/ledger", params={"after": 0}, timeout=30, trust_env=False).json()
    return [entry for entry in entries if entry["method"] == method]


def _moment(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])
