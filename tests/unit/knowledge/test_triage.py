"""Triage asks the memory, then the model, then guesses; it always answers."""

from dataclasses import replace
from uuid import UUID

import pytest

from incidents.errors import PermanentError, TemporaryError
from incidents.model_calls import OverBudget
from incidents.ports import Neighbour, Question, Remedy
from incidents.words import Route, Sentiment, Severity, Urgency
from knowledge.opinion import Opinion
from knowledge.triage import MemoryFirstTriager
from tests.unit.knowledge.doubles import FakeMemory, FakeModel

ORGANIZATION = UUID(int=1)
SURE = [
    Neighbour("incident:1", "Pool exhausted", "database", 0.93, helped="Restart the pooler.", number=17),
    Neighbour("incident:2", "Too many clients", "database", 0.9, number=12),
    Neighbour("incident:3", "No connections", "database", 0.86, helped="Lower the pool size.", number=9),
    Neighbour("incident:4", "Switch broken", "network", 0.4, helped="Replace it.", number=3),
]
UNSURE = [Neighbour("seed:dns", "DNS is gone", "network", 0.5, helped="Restart the resolver.")]
ANSWER = Opinion("application", Severity.LOW, 0.8, "The cart is wrong.", ("basket forgets",))
ERRORS = [TemporaryError("silent"), PermanentError("no such model")]


def question(title: str = "pool exhausted again", **fields: object) -> Question:
    return Question(ORGANIZATION, title, **fields)  # type: ignore[arg-type]


def test_a_sure_memory_answers_and_no_model_is_asked() -> None:
    model = FakeModel(ANSWER)
    verdict = MemoryFirstTriager(FakeMemory(SURE), model).triage(question())
    assert (verdict.route, verdict.category) == (Route.MEMORY, "database")
    assert verdict.confidence >= 0.95
    assert verdict.why == "3 alike: #17, #12, #9."
    assert model.asked == []


def test_helped_are_entries_of_that_category_that_say_what_helped() -> None:
    verdict = MemoryFirstTriager(FakeMemory(SURE), None).triage(question())
    assert [entry.number for entry in verdict.helped] == [17, 9]


def test_a_higher_target_asks_the_model_more_often() -> None:
    verdict = MemoryFirstTriager(FakeMemory(SURE), FakeModel(ANSWER), target=0.9999).triage(question())
    assert verdict.route is Route.LLM


def test_an_unsure_memory_asks_the_model() -> None:
    verdict = MemoryFirstTriager(FakeMemory(UNSURE), FakeModel(ANSWER)).triage(question("basket forgets things"))
    assert (verdict.route, verdict.category, verdict.confidence) == (Route.LLM, "application", 0.8)
    assert verdict.why == 'The cart is wrong. (the model, quoting "basket forgets")'


@pytest.mark.parametrize("error", ERRORS)
def test_without_the_memory_the_model_answers_and_the_reason_says_so(error: Exception) -> None:
    verdict = MemoryFirstTriager(FakeMemory(error=error), FakeModel(ANSWER)).triage(question())
    assert verdict.route is Route.LLM
    assert "the memory could not be reached" in verdict.why


@pytest.mark.parametrize("error", ERRORS)
def test_without_the_model_a_guess_is_marked_as_one(error: Exception) -> None:
    verdict = MemoryFirstTriager(FakeMemory(UNSURE), FakeModel(error=error)).triage(question("DNS lookups fail"))
    assert (verdict.route, verdict.category) == (Route.RULES, "network")
    assert verdict.confidence < 0.95
    assert verdict.why == (
        'A guess: it rests on the words of the report and "DNS is gone"; the model could not be reached.'
    )
    assert [entry.title for entry in verdict.helped] == ["DNS is gone"]


def test_with_everything_out_of_reach_the_rules_decide_and_say_so() -> None:
    triager = MemoryFirstTriager(FakeMemory(error=ERRORS[0]), FakeModel(error=ERRORS[1]))
    verdict = triager.triage(question("disk full on db-3"))
    assert (verdict.route, verdict.category, verdict.severity) == (Route.RULES, "storage", Severity.HIGH)
    assert "the memory and the model could not be reached" in verdict.why


def test_where_nothing_speaks_it_is_other_and_hardly_believed() -> None:
    verdict = MemoryFirstTriager(FakeMemory(), None).triage(question("hm"))
    assert (verdict.category, verdict.severity, verdict.route) == ("other", Severity.MEDIUM, Route.RULES)
    assert verdict.confidence < 0.2
    assert verdict.why == "A guess: nothing in the report speaks for a category."


def test_any_other_error_is_a_bug_and_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        MemoryFirstTriager(FakeMemory(error=ZeroDivisionError()), None).triage(question())


def test_the_organizations_own_categories_are_used() -> None:
    verdict = MemoryFirstTriager(FakeMemory(SURE), None).triage(question("network is slow", categories=("lan", "wan")))
    assert verdict.category in ("lan", "wan")


@pytest.mark.parametrize("model", [None, FakeModel(ANSWER), FakeModel(error=ERRORS[0])])
@pytest.mark.parametrize("near", [SURE, UNSURE])
def test_nothing_lowers_the_persons_word_or_the_floor(near: list[Neighbour], model: FakeModel | None) -> None:
    triager = MemoryFirstTriager(FakeMemory(near), model)
    assert triager.triage(question("a question", severity=Severity.HIGH)).severity is Severity.HIGH
    no_floor = triager.triage(question("it looks odd", severity=Severity.MEDIUM))
    assert no_floor.severity is Severity.MEDIUM


@pytest.mark.parametrize("near", [SURE, UNSURE])
def test_the_floor_stands_without_a_model(near: list[Neighbour]) -> None:
    verdict = MemoryFirstTriager(FakeMemory(near), None).triage(question("data loss", severity=Severity.LOW))
    assert verdict.severity is Severity.HIGH


def test_the_persons_low_is_kept_when_nothing_forces_more() -> None:
    verdict = MemoryFirstTriager(FakeMemory(SURE), None).triage(question("it looks odd", severity=Severity.LOW))
    assert verdict.severity is Severity.LOW


def test_the_model_is_told_the_floor_and_memory_the_kind() -> None:
    memory, model = FakeMemory(UNSURE), FakeModel(ANSWER)
    MemoryFirstTriager(memory, model).triage(question("disk full", kind="DB_ERROR"))
    assert [enquiry.floor for enquiry in model.enquiries] == [Severity.HIGH]
    assert memory.asked == ["db error: disk full"]


def test_neither_memory_nor_model_sees_a_secret() -> None:
    memory, model = FakeMemory(UNSURE), FakeModel(ANSWER)
    report = question("login fails", description="password: hunter22, mail ana@example.com", kind="token=abc12345")
    MemoryFirstTriager(memory, model).triage(report)
    for secret in ("hunter22", "ana@example.com", "abc12345"):
        assert secret not in memory.asked[0]
        assert secret not in model.asked[0]


@pytest.mark.parametrize("error", [OverBudget("used up")])
def test_over_the_budget_it_is_a_guess_that_says_so(error: Exception) -> None:
    verdict = MemoryFirstTriager(FakeMemory(UNSURE), FakeModel(error=error)).triage(question("DNS lookups fail"))
    assert verdict.route is Route.RULES
    assert verdict.why.endswith('"DNS is gone"; today\'s calls of the model are used up.')


def test_the_products_own_secrets_are_known_by_value() -> None:
    """They have no form by which one could tell them."""
    memory, model = FakeMemory(UNSURE), FakeModel(ANSWER)
    report = question("login fails with 0123456789abcdef0123456789abcdef", description="in the log: hunter22")
    MemoryFirstTriager(memory, model, secrets=["0123456789abcdef0123456789abcdef", "hunter22", "log"]).triage(report)
    for asked in (memory.asked[0], model.asked[0]):
        assert asked == "login fails with [secret]\nin the log: [secret]"


def test_a_memory_that_is_sure_gives_the_steps_of_the_best_entry_with_their_source() -> None:
    verdict = MemoryFirstTriager(FakeMemory(SURE), None).triage(question())
    assert [(step.text, step.number) for step in verdict.remediation] == [("Restart the pooler.", 17)]


def test_the_steps_that_a_model_chose_come_first_of_all() -> None:
    chosen = replace(ANSWER, remedies=[Remedy("Empty the cart.", "incident:7", "Cart", 7)])
    verdict = MemoryFirstTriager(FakeMemory(UNSURE), FakeModel(chosen)).triage(question("basket forgets things"))
    assert [step.text for step in verdict.remediation] == ["Empty the cart."]


@pytest.mark.parametrize(
    ("title", "urgency", "sentiment"),
    [
        ("the basket forgets things", Urgency.MEDIUM, Sentiment.CALM),
        ("the basket forgets things, urgent!", Urgency.HIGH, Sentiment.CALM),
        ("typo on the about page, no rush", Urgency.LOW, Sentiment.CALM),
        ("data loss, but no rush", Urgency.HIGH, Sentiment.CALM),
        ("it is down for the third time this week", Urgency.MEDIUM, Sentiment.ANGRY),
        ("please help, the basket forgets things", Urgency.MEDIUM, Sentiment.WORRIED),
    ],
)
def test_without_a_model_words_tell_urgency_and_tone(title: str, urgency: Urgency, sentiment: Sentiment) -> None:
    verdict = MemoryFirstTriager(FakeMemory(), None).triage(question(title))
    assert (verdict.urgency, verdict.sentiment, verdict.reply) == (urgency, sentiment, None)


def test_a_model_may_raise_the_urgency_and_not_lower_it() -> None:
    for said, counts in ((Urgency.HIGH, Urgency.HIGH), (Urgency.LOW, Urgency.MEDIUM)):
        model = FakeModel(replace(ANSWER, urgency=said, sentiment=Sentiment.ANGRY))
        verdict = MemoryFirstTriager(FakeMemory(), model).triage(question("it looks odd"))
        assert (verdict.urgency, verdict.sentiment) == (counts, Sentiment.ANGRY)
