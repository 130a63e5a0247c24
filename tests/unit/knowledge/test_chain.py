"""Models are asked in their order until one answers, within the time that all of them have together."""

from datetime import timedelta
from time import monotonic
from uuid import UUID

import pytest

from incidents.errors import PermanentError, TemporaryError
from incidents.model_calls import Outcome, OverBudget, Resting
from incidents.words import Severity
from knowledge.chain import ModelChain
from knowledge.opinion import Busy, Enquiry, Opinion, Refused, Unfit
from tests.unit.knowledge.doubles import FakeAccount, FakeLink

ENQUIRY = Enquiry(UUID(int=1), "the basket forgets things", ("application", "other"))
ANSWER = Opinion("application", Severity.LOW, 0.8, "The cart is wrong.", tokens=120)
BUSY, LONG = Busy("busy"), Busy("busy", retry_after=timedelta(seconds=30))
SHORT = timedelta(milliseconds=45)


def chain(*links: FakeLink, account: FakeAccount | None = None) -> ModelChain:
    return ModelChain(links, account or FakeAccount(), patience=SHORT, whole=SHORT * 2.2)


def test_the_first_that_answers_is_the_only_one_asked() -> None:
    account = FakeAccount()
    first, second = FakeLink("a", [ANSWER]), FakeLink("b", [ANSWER])
    assert chain(first, second, account=account).classify(ENQUIRY) == ANSWER
    assert account.asked == ["a"]
    assert [(ended.outcome, ended.tokens) for ended in account.ends] == [(Outcome.ANSWERED, 120)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (BUSY, Outcome.AWAY),
        (LONG, Outcome.AWAY),
        (PermanentError("no such key"), Outcome.AWAY),
        (Refused("not this"), Outcome.REFUSED),
        (Unfit("no JSON"), Outcome.UNFIT),
    ],
)
def test_the_next_is_asked_when_one_is_down_refuses_or_answers_outside_the_form(
    error: Exception, outcome: Outcome
) -> None:
    account = FakeAccount()
    chain(FakeLink("a", [error]), FakeLink("b", [ANSWER]), account=account).classify(ENQUIRY)
    assert account.outcomes == [("a", outcome), ("b", Outcome.ANSWERED)]


def test_one_that_rests_is_not_asked() -> None:
    account = FakeAccount(refuses={"a": Resting("a is left alone")})
    first = FakeLink("a", [ANSWER])
    chain(first, FakeLink("b", [ANSWER]), account=account).classify(ENQUIRY)
    assert account.asked == ["b"]
    assert first.patience == []


def test_over_the_budget_nobody_is_asked() -> None:
    account = FakeAccount(refuses={"a": OverBudget("used up")})
    with pytest.raises(OverBudget):
        chain(FakeLink("a", [ANSWER]), FakeLink("b", [ANSWER]), account=account).classify(ENQUIRY)
    assert account.asked == []


def test_who_is_busy_is_asked_once_more_when_nobody_answered() -> None:
    account = FakeAccount()
    links = FakeLink("a", [BUSY, ANSWER]), FakeLink("b", [Unfit("no JSON")])
    assert chain(*links, account=account).classify(ENQUIRY) == ANSWER
    assert account.asked == ["a", "b", "a"]


def test_who_asks_for_more_time_than_there_is_is_left_alone() -> None:
    account = FakeAccount()
    with pytest.raises(TemporaryError):
        chain(FakeLink("a", [LONG]), account=account).classify(ENQUIRY)
    assert account.asked == ["a"]
    assert account.ends[0].wish == timedelta(seconds=30)


def test_what_each_said_is_told_in_the_end() -> None:
    with pytest.raises(TemporaryError, match="busy; no such key; busy"):
        chain(FakeLink("a", [BUSY]), FakeLink("b", [PermanentError("no such key")])).classify(ENQUIRY)


def test_all_together_have_no_more_time_than_one_report_may_take() -> None:
    """The share of each is what is left, divided by those who have not been asked."""
    links = [FakeLink(name, [Unfit("no JSON")]) for name in "abcd"]
    patient = ModelChain(links, FakeAccount())
    with pytest.raises(TemporaryError):
        patient.classify(ENQUIRY)
    assert [link.patience[0] for link in links] == pytest.approx([4.75, 6.33, 9, 9], abs=0.1)
    begun = monotonic()
    with pytest.raises(TemporaryError):
        chain(*(FakeLink(str(n), [BUSY]) for n in range(50))).classify(ENQUIRY)
    assert monotonic() - begun < 2


def test_a_bug_in_a_model_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        chain(FakeLink("a", [ZeroDivisionError()]), FakeLink("b", [ANSWER])).classify(ENQUIRY)
