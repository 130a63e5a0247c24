"""Merging what was reported twice: one goes on, and no page is lost by it."""

import pytest

from incidents import lifecycle, merging, names, stakeholders, timeline
from incidents.errors import IncidentError, NotAllowed, NotFound, PermanentError
from incidents.match import Match
from incidents.models import Incident
from incidents.people import Actor
from incidents.roles import Role
from incidents.terms import JobKind
from incidents.words import Severity, Source, Status
from tests.core_fakes import judged
from tests.integration.core.world import ANA, BEA, CY, World, in_parallel


def merge(world: World, incident: Incident, into: Incident, by: Actor = BEA) -> bool:
    with world.store.begin() as tx:
        row, other = merging.both(tx, f"{incident.number}", f"{into.number}")
        return merging.merge(tx, row, into=other, by=by)


def details(world: World, incident: Incident, kind: str) -> dict[str, object]:
    lines = world.act(incident, timeline.read)
    return next(dict(line.details) for line in lines if line.kind == kind)


def posts(world: World, channel: str | None) -> list[str]:
    return [post.message.text for post in world.chat.posts if post.channel == channel]


def test_the_merged_one_is_over_and_says_where_it_goes_on(world: World) -> None:
    world.triager.verdict = judged(severity=Severity.LOW)
    first = world.reported("Checkout returns 502")
    second = world.reported("Cannot pay <!here>", origin_channel="C0GENERAL")
    world.run_due()
    assert merge(world, second, first)
    world.run_due()
    first, second = world.fresh(first), world.fresh(second)
    assert (second.status, second.merged_into) == (Status.MERGED, first.number)
    assert world.tickets.tickets[second.ticket_key or ""].done
    ticket = world.tickets.tickets[second.ticket_key or ""].description
    assert f"Status: merged into #{first.number}, {first.ticket_key} ({first.ticket_url})" in ticket
    assert not world.tickets.tickets[first.ticket_key or ""].done
    here = f"<@U0ANA> Bea merged this into #{first.number}: it is the same trouble, and goes on in #incident-1."
    assert here in posts(world, second.channel_id)
    assert posts(world, "C0GENERAL")[-1].endswith(
        f"It is the same trouble as #1 in <#{first.channel_id}>, and goes on there."
    )
    assert f"merged into #1 in <#{first.channel_id}>" in str(
        world.chat._post(second.channel_id or "", second.card_ts or "").message
    )
    assert world.chat.topics[second.channel_id or ""].endswith("merged · <@U0BEA> <@U0CY>")


def test_the_one_that_goes_on_shows_what_was_reported(world: World) -> None:
    first, second = world.reported(), world.reported("Cannot pay")
    world.run_due()
    merge(world, second, first)
    world.run_due()
    assert details(world, first, "took_in") == {"number": 2, "title": "Cannot pay", "reported_by": "Ana"}
    told = posts(world, world.fresh(first).channel_id)
    assert "#2 “Cannot pay”, reported by Ana, is the same trouble: Bea merged it into this one." in told


def test_paging_of_the_merged_one_ends_and_calls_are_ended(world: World) -> None:
    world.hold()
    first, second = world.reported(severity=Severity.HIGH), world.reported(severity=Severity.HIGH)
    world.run_due()
    world.act(first, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    world.run_due()
    world.pass_time(60)
    assert any(call.status not in ("completed", "canceled") for call in world.phone.placed)
    merge(world, second, first)
    world.run_due()
    assert {call.status for call in world.phone.placed} == {"completed"}
    calls = len(world.phone.placed)
    world.pass_time(3600)
    assert len(world.phone.placed) == calls


def test_a_call_about_both_goes_on(world: World) -> None:
    """The one that goes on still needs it."""
    world.hold()
    first, second = world.reported(severity=Severity.HIGH), world.reported(severity=Severity.HIGH)
    world.run_due()
    merge(world, second, first)
    world.run_due()
    assert [call.status for call in world.phone.placed] == ["queued"]


def test_a_high_one_that_is_merged_into_a_low_one_that_nobody_has_still_calls_somebody(world: World) -> None:
    world.hold()
    low, high = world.triaged(Severity.LOW), world.triaged(Severity.HIGH)
    world.nobody_talks()
    calls = len(world.phone.placed)
    merge(world, high, low)
    world.run_due()
    assert world.fresh(low).severity is Severity.HIGH
    assert len(world.calls(low)) == 1
    assert len(world.phone.placed) == calls + 1
    assert any("This is HIGH now." in text for text in posts(world, world.fresh(low).channel_id))


def test_whoever_has_the_one_that_goes_on_is_told_and_nobody_is_called(world: World) -> None:
    world.hold()
    low, high = world.triaged(Severity.LOW), world.reported(severity=Severity.HIGH)
    world.act(low, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    merge(world, high, low)
    world.pass_time(3600)
    assert world.phone.placed == []
    assert any(text.startswith("<@U0CY> #2") for text in posts(world, world.fresh(low).channel_id))


def test_paging_goes_on_where_it_had_come_to_its_end(world: World) -> None:
    """Nobody answered about the first one and everybody was told; the second one had just begun to call."""
    world.hold()
    first = world.triaged(Severity.HIGH)
    world.pass_time(3600)
    world.nobody_talks()
    assert JobKind.PAGE not in world.waiting(first)
    second = world.reported(severity=Severity.MEDIUM)
    calls = len(world.phone.placed)
    merge(world, second, first)
    world.run_due()
    assert len(world.phone.placed) == calls + 1


def test_what_somebody_escalated_is_paged_on_where_it_goes_on_though_it_is_low(world: World) -> None:
    world.hold()
    first, second = world.triaged(Severity.LOW), world.triaged(Severity.LOW)
    world.act(second, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
    merge(world, second, first)
    world.run_due()
    assert len(world.calls(first)) == 1


@pytest.mark.parametrize("verdict", [Severity.HIGH, None], ids=["triaged", "triage fails"])
def test_what_is_merged_before_anybody_knows_how_bad_it_is_calls_somebody_in_the_end(
    world: World, verdict: Severity | None
) -> None:
    world.hold()
    low = world.triaged(Severity.LOW)
    unknown = world.reported()
    merge(world, unknown, low)
    if verdict is None:
        world.triager.fail(PermanentError("it is broken"), times=50)
    else:
        world.triager.verdict = judged(severity=verdict)
    world.run_due()
    assert world.fresh(low).severity is (verdict or Severity.MEDIUM)
    world.pass_time(60)
    assert len(world.calls(low)) >= 1
    assert world.calls(unknown) == []
    assert world.fresh(unknown).channel_id is None, "it goes on elsewhere, and needs no channel"


def test_triage_of_the_one_that_goes_on_does_not_lower_it_below_the_merged_one(world: World) -> None:
    world.hold()
    second = world.triaged(Severity.MEDIUM)
    world.triager.verdict = judged(severity=Severity.LOW)
    first = world.reported()
    merge(world, second, first)
    world.pass_time(40)
    assert world.fresh(first).severity is Severity.MEDIUM
    assert len(world.calls(first)) == 1


def test_a_caller_who_says_how_bad_it_is_after_the_merge_is_heard(world: World) -> None:
    world.hold()
    low = world.triaged(Severity.LOW)
    call = world.reported("Call from +1202", source=Source.PHONE)
    merge(world, call, low)
    world.act(call, lambda tx, row: lifecycle.severity_reported(tx, row, Severity.HIGH))
    world.run_due()
    assert (world.fresh(low).severity, len(world.calls(low))) == (Severity.HIGH, 1)


def test_merging_twice_is_one(world: World) -> None:
    first, second = world.reported(), world.reported()
    assert sum(in_parallel(lambda _: merge(world, second, first), threads=6)) == 1
    assert world.told(first).count("took_in") == 1


def test_of_two_who_merge_them_both_ways_at_once_one_is_heard(world: World) -> None:
    pair = world.reported(), world.reported()

    def one(number: int) -> bool:
        try:
            return merge(world, pair[number % 2], pair[1 - number % 2])
        except IncidentError:
            return False

    assert sum(in_parallel(one, threads=8)) == 1
    assert sorted(world.fresh(each).status for each in pair) == [Status.MERGED, Status.OPEN]


def test_what_cannot_be_merged_says_what_to_do(world: World) -> None:
    first, second, third, over = (world.reported() for _ in range(4))
    world.act(over, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    merge(world, second, first)
    for incident, into, says in (
        (first, first, "into itself"),
        (first, second, "Merge into that one"),
        (second, third, "was merged into #1 already"),
        (over, first, "Reopen it if it is not over"),
        (third, over, "Reopen it first"),
    ):
        with pytest.raises(IncidentError, match=says):
            merge(world, incident, into)
    with pytest.raises(NotAllowed):
        merge(world, third, first, by=Actor("Eve", via="slack", slack_user="U0EVE", role=Role.MEMBER))
    with pytest.raises(NotFound), world.store.begin() as tx:
        merging.both(tx, "3", "77")


def test_reopening_a_merged_one_pages_again_and_gives_it_what_it_never_had(world: World) -> None:
    world.hold()
    world.triager.verdict = judged(severity=Severity.HIGH)
    first, second = world.reported(), world.reported(severity=Severity.HIGH)
    merge(world, second, first)
    world.run_due()
    world.act(first, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    world.run_due()
    assert world.calls(second) == []
    world.nobody_talks()
    world.act(second, lambda tx, row: lifecycle.reopen(tx, row, by=ANA, reason="another cause"))
    world.run_due()
    again = world.fresh(second)
    assert (again.status, again.merged_into) == (Status.OPEN, None)
    assert (again.channel_id, again.ticket_key) != (None, None)
    assert len(world.calls(second)) == 1
    assert "#2 is not the same trouble after all: Ana reopened it." in posts(world, world.fresh(first).channel_id)
    assert world.told(first).count("parted") == 1
    assert merge(world, second, first), "and it may be merged once more"


def test_those_who_follow_the_one_that_goes_on_hear_of_it_once(world: World) -> None:
    with world.store.begin() as tx:
        stakeholders.make(tx, name="Support", channel="C0SUPPORT", slack_user=None, match=Match())
    first, second = world.reported(), world.reported()
    world.run_due()
    before = len(posts(world, "C0SUPPORT"))
    for _ in range(2):
        merge(world, second, first)
    world.run_due()
    (told,) = posts(world, "C0SUPPORT")[before:]
    assert told.startswith("MEDIUM · #1 · ")
    assert told.endswith("was reported once more: another incident was merged into it by Bea.")


def test_people_who_are_told_of_what_is_high_hear_of_the_one_that_became_so(world: World) -> None:
    with world.store.begin() as tx:
        stakeholders.make(tx, name="Boss", channel="C0BOSS", slack_user=None, match=Match(severities=["HIGH"]))
    low = world.triaged(Severity.LOW)
    high = world.reported(severity=Severity.HIGH)
    merge(world, high, low)
    world.run_due()
    assert any("#1" in text and "was opened" in text for text in posts(world, "C0BOSS"))


def test_a_worker_with_a_page_of_the_merged_one_in_hand_calls_nobody(world: World) -> None:
    first, second = world.reported(severity=Severity.HIGH), world.reported(severity=Severity.HIGH)
    world.act(first, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    job = world.job(second, JobKind.PAGE)
    merge(world, second, first)
    assert world.run(job) is False
    assert world.phone.placed == []


def test_a_merged_one_is_found_by_its_number_still(world: World) -> None:
    first, second = world.reported(), world.reported()
    merge(world, second, first)
    with world.store.begin() as tx:
        assert names.find(tx, "#2").merged_into == 1
