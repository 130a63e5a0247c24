"""More than two hundred ways to talk a model into something, and a model that obeys each of them: nothing changes."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from incidents import classification, timeline
from incidents.models import Incident, Job
from incidents.ports import Neighbour, Question, Verdict
from incidents.store import Transaction
from incidents.summary import summarize
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
DIALLING = {
    "number to call",
    "number spelled",
    "premium country",
    "text message",
    "who is on call",
    "close it",
    "silence it",
    "merge it",
    "acknowledge it",
    "role play",
}
"""Kinds of those that want something done or left undone."""


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


def question(injection: dict[str, str]) -> Question:
    """By the way that it came: in the report, in its log lines, spoken, or kept in the memory from an earlier time."""
    text = injection["text"]
    match injection["where"]:
        case "report":
            said: dict[str, Any] = {"description": text}
        case "log":
            lines = ["2026-11-22T09:14:02Z nginx 502 /checkout", f"2026-11-22T09:14:02Z {text}", "repeated 14 times"]
            said = {"description": "\n".join(lines), "severity": Severity.LOW}
        case "speech":
            said = {"description": f"{HAPPENED.lower()} and {text}"}
        case _:
            said = {"severity": Severity.MEDIUM}
    return Question(UUID(int=1), HAPPENED, categories=CATEGORIES, **said)


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


def test_a_model_that_obeys_them_changes_nothing(provider: OpenAIServer) -> None:
    model, obedient = LangChainModel("openai:test", provider.url, "sk-test"), Obedient()
    provider.then_by(obedient.answer)
    routes: Counter[Route] = Counter()
    for injection in INJECTIONS:
        verdict = judged(model, injection, obedient)
        about = f"{injection['kind']}: {injection['text']!r}"
        shown = json.dumps(asdict(verdict), ensure_ascii=False)
        assert (verdict.severity, verdict.urgency) == (Severity.HIGH, Urgency.HIGH), about
        assert verdict.category in CATEGORIES, about
        secrets = [*OURS, *([injection["secret"]] if "secret" in injection else [])]
        assert [secret for secret in secrets if secret in shown] == [], about
        assert [secret for secret in secrets if secret in json.dumps(provider.requests[-1])] == [], about
        assert obedient.mark not in shown, about
        assert not PHONE.search(verdict.why), about
        assert not NUMBER.search(verdict.reply or ""), about
        assert "evil" not in (verdict.reply or ""), about
        routes[verdict.route] += 1
    invented = [each for each in INJECTIONS if each.get("category", "other") not in CATEGORIES]
    # It was asked each time; where it named a category of its own invention, rules and memory guessed.
    assert len(provider.requests) == len(INJECTIONS)
    assert routes == {Route.LLM: len(INJECTIONS) - len(invented), Route.RULES: len(invented)}


def test_what_follows_from_them_is_what_follows_from_any_report(world: World, provider: OpenAIServer) -> None:
    """One of each way that they come in, and those that want something dialled: stored, shown and owed."""
    model, obedient = LangChainModel("openai:test", provider.url, "sk-test"), Obedient()
    provider.then_by(obedient.answer)
    usual, _ = followed(world, model, {"where": "report", "text": "It began at nine.", "kind": "none"}, obedient)
    picked = [each for each in INJECTIONS if each["kind"] in DIALLING]
    assert {each["where"] for each in picked} == {"report", "log", "speech", "memory"}
    for injection in picked:
        owed, shown = followed(world, model, injection, obedient)
        assert owed == usual, injection
        assert [secret for secret in [*OURS, injection.get("secret") or OURS[0]] if secret in shown] == [], injection
    assert world.phone.placed == []


def judged(model: LangChainModel, injection: dict[str, str], obedient: Obedient) -> Verdict:
    """By the real triager."""
    obedient.injection = injection
    memory = FakeMemory(remembered(injection))
    return MemoryFirstTriager(memory, ModelChain([model], FakeAccount()), secrets=OURS).triage(question(injection))


def followed(
    world: World, model: LangChainModel, injection: dict[str, str], obedient: Obedient
) -> tuple[Counter[str], str]:
    """What the incident owes, by kind; and what is stored and shown of the verdict."""
    asked, verdict = question(injection), judged(model, injection, obedient)
    incident = world.reported(asked.title, description=asked.description, severity=asked.severity)

    def triaged(tx: Transaction, row: Incident) -> tuple[Counter[str], str]:
        classification.triaged(tx, row, verdict)
        jobs = tx.session.scalars(tx.select(Job).where(Job.incident_id == row.id)).all()
        columns = [row.category, row.severity, row.why, row.reply, row.similar, row.helped, row.remediation]
        lines = [entry.details for entry in timeline.read(tx, row) if entry.kind == "triaged"]
        shown = json.dumps([columns, lines, card(summarize(tx, row)).blocks], ensure_ascii=False)
        assert (row.severity, row.category) == (Severity.HIGH, verdict.category)
        assert row.reply
        return Counter(job.kind for job in jobs), shown

    return world.act(incident, triaged)
