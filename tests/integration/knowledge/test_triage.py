"""Triage with the seeds in a real memory, as an organization has it on its first day."""

from uuid import UUID, uuid4

import pytest

from incidents.ports import Lesson, Question
from incidents.words import Route, Severity
from knowledge.chroma import ChromaMemory
from knowledge.seeds import load_seeds
from knowledge.triage import MemoryFirstTriager


@pytest.fixture(scope="module")
def seeded(memory: ChromaMemory) -> UUID:
    organization = uuid4()
    memory.remember(organization, load_seeds())
    return organization


@pytest.mark.parametrize(
    ("kind", "title", "category", "severity"),
    [
        ("DATABASE_ERROR", "Connection timeout", "database", Severity.MEDIUM),
        ("NETWORK_OUTAGE", "Berlin", "network", Severity.MEDIUM),
        (None, "checkout returns 502", "application", Severity.HIGH),
        (None, "disk full on db-3", "storage", Severity.HIGH),
        (None, "I cannot log in, my account is locked", "access", Severity.MEDIUM),
        (None, "somebody leaked our API keys on the internet", "security", Severity.HIGH),
        (None, "PayPal rejects every transaction", "third-party", Severity.MEDIUM),
        (None, "there is a typo on the about page", "other", Severity.LOW),
    ],
)
def test_a_first_report_gets_a_sensible_answer(
    memory: ChromaMemory, seeded: UUID, kind: str | None, title: str, category: str, severity: Severity
) -> None:
    verdict = MemoryFirstTriager(memory, None).triage(Question(seeded, title, kind=kind))
    assert (verdict.category, verdict.severity) == (category, severity)
    assert all(entry.category == category for entry in verdict.helped)
    assert verdict.why.startswith("A guess") == (verdict.route is Route.RULES)


def test_what_was_learned_answers_the_next_time(memory: ChromaMemory, seeded: UUID) -> None:
    triager = MemoryFirstTriager(memory, None)
    report = Question(seeded, "The heron gateway drops the night batch", description="Batch 7 never reaches the mill")
    assert triager.triage(report).route is Route.RULES
    lesson = Lesson(
        source="incident:1",
        title=report.title,
        text=report.description,
        category="infrastructure",
        taught_by="Bea",
        helped="Restart heron before the batch.",
        number=42,
    )
    memory.remember(seeded, [lesson])
    verdict = triager.triage(report)
    assert (verdict.route, verdict.category, verdict.why) == (Route.MEMORY, "infrastructure", "1 alike: #42.")
    assert verdict.helped[0].helped == "Restart heron before the batch."
