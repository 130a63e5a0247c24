"""A report that reads like an open incident says so, wherever it is shown; it is in nobody's way and merges nothing."""

import pytest

from incidents import lifecycle, suspects
from incidents.errors import PermanentError, TemporaryError
from incidents.models import Incident, Organization
from incidents.people import Actor
from incidents.policy import DEFAULT_POLICY
from incidents.reports import Report, open_incident
from incidents.roles import Role
from incidents.store import Store
from incidents.terms import JobKind
from incidents.words import CATEGORIES, Severity, Source, Status, Triage
from tests.core_fakes import judged
from tests.integration.core.world import ANA, BEA, World


def shown(world: World, channel: str | None) -> str:
    return str([post.message for post in world.chat.posts if post.channel == channel])


def twice(world: World) -> tuple[Incident, Incident]:
    world.comparer.cosines = {1: 0.78}
    first = world.reported("Checkout returns 502")
    world.run_due()
    second = world.reported("Cannot pay", origin_channel="C0GENERAL")
    world.run_due()
    return world.fresh(first), world.fresh(second)


def test_the_card_and_the_place_where_it_was_reported_ask(world: World) -> None:
    first, second = twice(world)
    assert second.suspects == [{"number": 1, "similarity": 0.78}]
    for channel in (second.channel_id, "C0GENERAL"):
        asked = shown(world, channel)
        assert f"*Already open: #1 in <#{first.channel_id}>?* Checkout returns 502 · 78% alike" in asked
        assert "Same as #1" in asked
        assert "Merge #2 into #1?" in asked
    assert "Already open" not in shown(world, first.channel_id)
    assert world.told(second).count("suspected") == 1


def test_nothing_is_merged_and_both_are_paged(world: World) -> None:
    world.triager.verdict = judged(severity=Severity.HIGH)
    first, second = twice(world)
    assert (first.status, second.status) == (Status.OPEN, Status.OPEN)
    assert all(world.pages(each) for each in (first, second))


def test_what_is_over_is_no_suspect(world: World) -> None:
    world.comparer.cosines = {1: 0.9, 2: 0.9}
    over, going_on = world.reported(), world.reported("Cannot pay")
    world.act(over, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    third = world.reported("Shop is down")
    world.run_due()
    assert [each.number for each in world.summary(third).suspects] == [2]
    world.act(going_on, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    assert world.summary(third).suspects == []
    world.act(going_on, lambda tx, row: lifecycle.reopen(tx, row, by=ANA, reason="again"))
    assert [each.number for each in world.summary(third).suspects] == [2]
    world.act(third, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    assert world.summary(third).suspects == []


def test_of_two_at_the_same_moment_the_later_one_asks(world: World) -> None:
    world.comparer.cosines = {1: 0.9, 2: 0.9}
    first, second = world.reported(), world.reported()
    world.run_due()
    assert [len(world.fresh(each).suspects) for each in (first, second)] == [0, 1]


def test_two_at_most_are_named_the_most_similar_first(world: World) -> None:
    world.comparer.cosines = {1: 0.7, 2: 0.9, 3: 0.8}
    for _ in range(3):
        world.reported()
    last = world.reported()
    world.run_due()
    assert [each.number for each in world.summary(last).suspects] == [2, 3]


@pytest.mark.parametrize("error", [TemporaryError("busy"), PermanentError("the model is not installed")])
def test_what_cannot_be_compared_is_triaged_and_paged_all_the_same(world: World, error: Exception) -> None:
    world.comparer.fail(error, times=99)
    world.triager.verdict = judged(severity=Severity.HIGH)
    _, second = twice(world)
    assert (second.triage, second.suspects) == (Triage.TRIAGED, [])
    assert world.job(second, JobKind.TRIAGE).attempts == 1
    assert world.pages(second)


def test_what_is_read_is_short_and_of_the_newest_open_ones(world: World) -> None:
    for number in range(suspects.MOST_COMPARED + 3):
        world.reported(f"Trouble {number}", description="x" * 5_000)
    last = world.reported("Last", description="y" * 50_000)
    asked = world.act(last, suspects.to_compare)
    assert sorted(asked.others) == list(range(4, 54))
    assert all(len(text) <= suspects.READ for text in (asked.text, *asked.others.values()))


def test_a_call_of_which_no_word_is_known_is_like_no_other(world: World) -> None:
    world.comparer.cosines = {1: 1.0}
    calls = [world.reported("Call from +12025550111", source=Source.PHONE) for _ in range(2)]
    assert world.act(calls[1], suspects.to_compare).others == {}
    heard = world.reported("Checkout is down", source=Source.PHONE, description="Checkout is down. Hurry.")
    asked = world.act(heard, suspects.to_compare)
    assert asked == suspects.Compared("Checkout is down. Hurry.", {})


def test_nothing_of_another_organization_is_compared_or_shown(world: World) -> None:
    with world.database.begin() as session:
        row = Organization(name="other", categories=list(CATEGORIES), policy=DEFAULT_POLICY, created_at=world.now())
        session.add(row)
        session.flush()
        other = row.id
    mine = world.reported("Only the first knows")
    theirs = _reported(world.database.store(other), 3)
    assert theirs.number > mine.number
    with world.database.store(other).begin() as tx:
        compared = suspects.to_compare(tx, tx.get(Incident, theirs.id))
        assert "Only the first knows" not in str(compared.others)
        assert set(compared.others) == {1, 2}


def _reported(store: Store, times: int) -> Incident:
    by = Actor("Mallory", via="api", role=Role.MEMBER)
    with store.begin() as tx:
        made = [open_incident(tx, Report(title="Theirs", source=Source.API, by=by)).incident for _ in range(times)]
    return made[-1]
