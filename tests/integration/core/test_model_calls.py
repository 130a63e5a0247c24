"""The account of model calls: a budget for each organization and day, and models that are left alone after failures."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete

from incidents import clock, model_calls, tenants
from incidents.errors import PermanentError, TemporaryError
from incidents.model_calls import Ended, Outcome, OverBudget, Resting
from incidents.models import ModelCalls, ModelState
from incidents.words import Severity
from knowledge.account import StoredAccount
from knowledge.chain import ModelChain
from knowledge.opinion import Busy, Enquiry, Opinion
from tests.integration.core.world import World
from tests.unit.knowledge.doubles import FakeLink

AWAY = Ended(Outcome.AWAY, timedelta(seconds=1))
FINE = Ended(Outcome.ANSWERED, timedelta(seconds=2), tokens=100)
ANSWER = Opinion("other", Severity.LOW, 0.8, "It reads so.", tokens=100)


@pytest.fixture
def organization(world: World) -> UUID:
    return world.store.organization


def account(world: World, *, budget: int = 1000) -> StoredAccount:
    return StoredAccount(world.database, budget=budget)


def advance(world: World, by: timedelta) -> None:
    with world.database.begin() as session:
        clock.advance(session, by)


def test_the_budget_is_a_days_and_an_organizations(world: World, organization: UUID) -> None:
    with world.database.begin() as session:
        other = tenants.make(session, name="other").id
    few = account(world, budget=2)
    few.ask(organization, "a")
    few.ask(organization, "b")
    with pytest.raises(OverBudget, match="LLM_BUDGET_A_DAY"):
        few.ask(organization, "a")
    few.ask(other, "a")
    advance(world, timedelta(days=1))
    few.ask(organization, "a")


def test_a_call_counts_before_it_is_made(world: World, organization: UUID) -> None:
    """Whoever dies in the middle of one, or never hears an answer, has had it; a new process knows."""
    account(world, budget=1).ask(organization, "a")
    with pytest.raises(OverBudget):
        account(world, budget=1).ask(organization, "a")


def test_workers_that_ask_at_once_do_not_ask_too_often(world: World, organization: UUID) -> None:
    def ask(_: int) -> str:
        try:
            account(world, budget=5).ask(organization, "a")
        except OverBudget:
            return "over"
        return "asked"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(ask, range(12))) == {"asked": 5, "over": 7}


def test_after_three_failures_in_a_row_it_is_left_alone_by_all_workers(world: World, organization: UUID) -> None:
    for _ in range(3):
        account(world).ask(organization, "a")
        account(world).ended(organization, "a", AWAY)
    with pytest.raises(Resting, match="a failed 3 times in a row and is left alone until"):
        account(world).ask(organization, "a")
    account(world).ask(organization, "b")


def test_when_its_rest_is_over_one_asks_for_all(world: World, organization: UUID) -> None:
    for _ in range(3):
        account(world).ended(organization, "a", AWAY)
    advance(world, timedelta(seconds=20))
    account(world).ask(organization, "a")
    with pytest.raises(Resting):
        account(world).ask(organization, "a")
    account(world).ended(organization, "a", FINE)
    account(world).ask(organization, "a")
    account(world).ask(organization, "a")


@pytest.mark.parametrize("outcome", [Outcome.UNFIT, Outcome.REFUSED])
def test_what_a_report_may_provoke_makes_no_model_rest(world: World, organization: UUID, outcome: Outcome) -> None:
    """Or three hostile reports would take the model from everybody."""
    for _ in range(10):
        account(world).ask(organization, "a")
        account(world).ended(organization, "a", Ended(outcome, timedelta(seconds=1)))
    account(world).ask(organization, "a")


def test_a_wish_of_the_provider_is_kept(world: World, organization: UUID) -> None:
    account(world).ended(organization, "a", Ended(Outcome.AWAY, timedelta(seconds=1), wish=timedelta(seconds=30)))
    advance(world, timedelta(seconds=25))
    with pytest.raises(Resting):
        account(world).ask(organization, "a")
    advance(world, timedelta(seconds=6))
    account(world).ask(organization, "a")


def test_down_for_ten_minutes(world: World, organization: UUID) -> None:
    """A report every five seconds: few of them wait for the model, and soon after it is back it answers again."""
    with world.database.begin() as session:
        clock.hold(session)
    link = FakeLink("a", [Busy("down", retry_after=timedelta(seconds=2))])
    chain = ModelChain([link], account(world))
    enquiry = Enquiry(organization, "it hangs", ("other",))
    for _ in range(120):
        with pytest.raises((TemporaryError, PermanentError)):
            chain.classify(enquiry)
        advance(world, timedelta(seconds=5))
    asked = len(link.patience)
    assert 5 <= asked <= 10
    link.answers = [ANSWER]
    for _ in range(72):
        advance(world, timedelta(seconds=5))
        try:
            chain.classify(enquiry)
        except TemporaryError:
            continue
        break
    assert len(link.patience) == asked + 1
    assert chain.classify(enquiry) == ANSWER


def test_what_was_asked_is_counted_by_model_and_outcome(world: World, organization: UUID) -> None:
    for what in (FINE, FINE, AWAY):
        account(world).ask(organization, "a")
        account(world).ended(organization, "a", what)
    with world.database.begin() as session:
        told = {(row.model, row.outcome): (row.calls, row.seconds, row.tokens) for row in model_calls.counted(session)}
        (standing,) = model_calls.failing(session, ["b", "a"])
        assert told == {("a", "answered"): (2, 4, 200), ("a", "asked"): (3, 0, 0), ("a", "away"): (1, 1, 0)}
        assert standing.says == "a failed the last time"
        session.execute(delete(ModelCalls))
        session.execute(delete(ModelState))
        assert model_calls.failing(session, ["a"]) == []
