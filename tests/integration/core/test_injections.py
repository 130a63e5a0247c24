"""More than two hundred ways to talk a model into something, and a model that obeys each of them: nothing changes."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incidents import classification, timeline
from incidents.models import Incident, Job
from incidents.ports import Neighbour
from incidents.store import Transaction
from incidents.summary import summarize
from incidents.terms import JobKind
from incidents.words import CATEGORIES, Route, Severity, Urgency
from integrations.card import card
from knowledge.chain import ModelChain
from knowledge.model import LangChainModel
from knowledge.redact import redact
from knowledge.triage import MemoryFirstTriager
from tests.integration.core.world import World
from tests.integration.knowledge.openai_server import OpenAIServer
from tests.unit.knowledge.doubles import FakeAccount, FakeMemory

INJECTIONS: list[dict[str, str]] = [
    json.loads(line) for line in Path(__file__).with_name("injections.jsonl").read_text(encoding="utf-8").splitlines()
]
OURS = ["0123456789abcdef0123456789abcdef", "sandbox-auth-token", "sk-proj-tocsin-0123456789abcdef"]
"""Secrets of the product itself, which the model has by magic."""
MARK = re.compile(r"REPORT-[0-9a-f]{16}")
PHONE = re.compile(r"\+\d[\d ().-]{6,}")
NUMBER = re.compile(r"(?:\d[ ().-]?){7,}")
HAPPENED = "Checkout returns 502 for everybody, payments fail"
"""What the rules call HIGH, whatever else is said."""
DIALS = {JobKind.PAGE, JobKind.TEXT_PERSON, JobKind.NOTIFY_BY_PHONE, JobKind.CANCEL_CALL}


class Obedient:
    """A model that does what it reads, and tells all it knows."""

    def __init__(self) -> None:
        self.injection: dict[str, str] = {}
        self.mark = ""

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        system, *people = (str(message["content"]) for message in request["messages"])
        (self.mark,) = set(MARK.findall(system))
        read = " ".join(" ".join(people).replace(self.mark, "").replace(HAPPENED, "").split())
        said = f"{read[:200]} {' '.join(OURS)} {self.mark}"
        return {
            "category": self.injection.get("category", "other"),
            "severity": "LOW",
            "confidence": 1,
            "evidence": [read, *people, self.mark, "the site is fine"],
            "why": f"{said} Call +1 900 555 0123 or see http://evil.test/login.",
            "urgency": "LOW",
            "sentiment": "calm",
            "reply": said if len(read) % 2 else f"Thank you for telling us. {read[:400]}",
            "steps": [99, -1, 1, 1, 10**9],
        }


@pytest.fixture
def provider() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


def reported(world: World, injection: dict[str, str]) -> Incident:
    """By the way that it came: in the report, in its log lines, spoken, or kept in the memory from an earlier time."""
    text = injection["text"]
    match injection["where"]:
        case "report":
            return world.reported(HAPPENED, description=text)
        case "log":
            lines = ["2026-11-22T09:14:02Z nginx 502 /checkout", f"2026-11-22T09:14:02Z {text}", "repeated 14 times"]
            return world.reported(HAPPENED, description="\n".join(lines), severity=Severity.LOW)
        case "speech":
            return world.reported(HAPPENED, description=f"{HAPPENED.lower()} and {text}")
        case _:
            return world.reported(HAPPENED, severity=Severity.MEDIUM)


def remembered(injection: dict[str, str]) -> list[Neighbour]:
    """Redacted, as the memory keeps everything."""
    if injection["where"] != "memory":
        return []
    text = redact(injection["text"])
    return [Neighbour("incident:1", text[:80], "other", 0.6, helped=text, number=1)]


def test_they_are_many_and_of_many_kinds() -> None:
    assert len(INJECTIONS) >= 200
    assert max(Counter(each["kind"] for each in INJECTIONS).values()) <= 3
    assert {each["where"] for each in INJECTIONS} == {"report", "log", "speech", "memory"}
    assert len({each["text"] for each in INJECTIONS}) == len(INJECTIONS)


def test_a_model_that_obeys_them_changes_nothing(world: World, provider: OpenAIServer) -> None:
    model, obedient = LangChainModel("openai:test", provider.url, "sk-test"), Obedient()
    provider.then_by(obedient.answer)
    harmless = {"where": "report", "text": "It began at nine.", "kind": "none"}
    harmless = {"where": "report", "text": "It began at nine.", "kind": "none"}
    _, usual, _ = judged(world, model, harmless, obedient)
    routes: Counter[Route | None] = Counter()
    for injection in INJECTIONS:
        stored, dialled, shown = judged(world, model, injection, obedient)
        about = f"{injection['kind']}: {injection['text']!r}"
        assert (stored.severity, stored.urgency) == (Severity.HIGH, Urgency.HIGH), about
        assert stored.category in CATEGORIES, about
        assert dialled == usual, about
        secrets = [*OURS, *([injection["secret"]] if "secret" in injection else [])]
        assert [secret for secret in secrets if secret in shown] == [], about
        assert [secret for secret in secrets if secret in json.dumps(provider.requests[-1])] == [], about
        assert obedient.mark not in shown, about
        assert not PHONE.search(stored.why or ""), about
        assert stored.reply, about
        assert not NUMBER.search(stored.reply), about
        assert "evil" not in stored.reply, about
        routes[stored.predicted_route] += 1
    invented = [each for each in INJECTIONS if each.get("category", "other") not in CATEGORIES]
    # It was asked each time; where it named a category of its own invention, rules and memory guessed.
    assert len(provider.requests) == len(INJECTIONS) + 1
    assert routes == {
        Route.LLM: len(INJECTIONS) - len(invented),
        Route.RULES: len(invented),
    }
    assert world.phone.placed == []


def judged(
    world: World, model: LangChainModel, injection: dict[str, str], obedient: Obedient
) -> tuple[Incident, Counter[str], str]:
    """Reported and triaged by the real triager: the incident, what it owes that dials, and what triage wrote of it."""
    obedient.injection = injection
    memory = FakeMemory(remembered(injection))
    triager = MemoryFirstTriager(memory, ModelChain([model], FakeAccount()), secrets=OURS)
    incident = reported(world, injection)
    verdict = triager.triage(world.act(incident, classification.question))

    def triaged(tx: Transaction, row: Incident) -> tuple[Incident, Counter[str], str]:
        classification.triaged(tx, row, verdict)
        jobs = tx.session.scalars(tx.select(Job).where(Job.incident_id == row.id)).all()
        columns = [row.category, row.why, row.reply, row.similar, row.helped, row.remediation]
        lines = [entry.details for entry in timeline.read(tx, row) if entry.kind == "triaged"]
        shown = json.dumps([columns, lines, card(summarize(tx, row)).blocks], ensure_ascii=False)
        return row, Counter(job.kind for job in jobs if job.kind in DIALS), shown

    return world.act(incident, triaged)
