"""Slack groups as a step's target: called round and round by what is kept of them, whatever becomes of Slack."""

from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from incidents import (
    duty,
    groups,
    lifecycle,
    members,
    organizations,
    paging,
    people,
    policies,
    preview,
    tenants,
    timeline,
)
from incidents.errors import IncidentError, PermanentError, TemporaryError
from incidents.models import Incident, Member
from incidents.people import Contact
from incidents.policy import Policy
from incidents.ports import Group
from incidents.roles import Role
from incidents.rules import EVERY_DAY, Rules
from incidents.schedules import Window
from incidents.store import Store
from incidents.terms import JobKind
from incidents.words import Severity
from tasks import sweep
from tasks.kinds.invite_people import MOST_INVITED
from tasks.roll_call import RollCall
from tests.integration.core.test_duty import policy
from tests.integration.core.test_rules import medium
from tests.integration.core.world import ANA, World
from tests.integration.core.world import BEA as BEA_HERSELF

UTC = ZoneInfo("UTC")
EVENING = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)
BEA, CY, DEE = "+12025550111", "+12025550112", "+12025550113"
ALL = {"U0BEA", "U0CY", "U0DEE"}
SRE = {"to": {"group": "S0SRE"}}
NIGHT = Rules(UTC, Window(EVERY_DAY, time(22), time(7)))


@pytest.fixture
def world(world: World) -> World:
    """Eleven in the evening; the list is Bea and Cy, and Dee is no more than in the group that is called thrice."""
    world.hold()
    world.jump((EVENING - world.now()).total_seconds())
    member(world, "Dee", DEE, "U0DEE")
    policy(world, {**SRE, "calls": 3, "every": 60, "wait": 200}, repeat=1)
    in_slack(world, ALL)
    return world


def member(world: World, name: str, phone: str | None, slack_user: str) -> None:
    with world.store.begin() as tx:
        made = members.invite(tx, Contact(name, phone, slack_user), role=Role.RESPONDER)
        tx.get(Member, made.id).phone_verified_at = tx.now


def in_slack(world: World, *users: set[str], handle: str = "sre") -> bool:
    """So many groups as there are sets of users, the first one being @sre; whether the roll call found anything new."""
    names = [("S0SRE", handle), ("S0OPS", "ops")]
    world.chat.user_groups = [Group(id, handle, handle, each) for (id, handle), each in zip(names, users, strict=False)]
    return RollCall(world.database, world.chat).once()


def called(world: World) -> list[str]:
    return [call.to for call in world.phone.placed]


def rules(world: World, name: str, rules: Rules) -> None:
    with world.store.begin() as tx:
        members.give_rules(tx, people.named(tx, name), rules)


def nobody_answers(world: World, seconds: int, *, at_once: int = 30) -> None:
    for _ in range(seconds // at_once):
        world.nobody_talks()
        world.pass_time(at_once)


def foreseen(world: World, severity: Severity) -> list[tuple[int, str | None, str, str | None]]:
    with world.store.begin() as tx:
        found = preview.preview(tx, Policy.of(tx.own.policy), severity=severity, opened=tx.now)
        return [
            (round((each.at - tx.now).total_seconds()), each.who, each.by or "phone", each.trouble)
            for each in found.calls
        ]


def played(world: World, severity: Severity, seconds: int) -> list[tuple[int, str, str]]:
    """Everything that the timeline says was done to reach people: after how many seconds, whom, and how."""
    incident = world.triaged(severity, reported=severity)
    opened = world.fresh(incident).opened_at
    nobody_answers(world, seconds, at_once=50)
    lines = world.act(incident, timeline.read)
    return [
        (round((line.at - opened).total_seconds()), line.details["who"], line.details["by"])
        for line in lines
        if line.kind in ("paged", "messaged")
    ]


def test_each_is_called_once_and_then_round_again(world: World) -> None:
    played(world, Severity.HIGH, 350)
    assert called(world) == [BEA, CY, DEE] * 2


def test_the_second_time_goes_on_where_the_first_one_stopped(world: World) -> None:
    """So that a group that is larger than the step's calls is reached as a whole."""
    policy(world, {**SRE, "calls": 2, "every": 60, "wait": 100}, repeat=1)
    played(world, Severity.HIGH, 200)
    assert called(world) == [BEA, CY, DEE, BEA]


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.MEDIUM])
def test_what_happens_is_the_preview(world: World, severity: Severity) -> None:
    """Cy sleeps and Dee takes one call; the group is mentioned as a whole, whoever is called last is texted."""
    rules(world, "Cy", NIGHT)
    rules(world, "Dee", Rules(most_calls=1))
    member(world, "Eli", None, "U0ELI")
    in_slack(world, ALL | {"U0ELI", "U0NEW"})
    also = [{"by": "slack", "after": 0}, {"by": "text", "after": 0}, {"by": "text", "after": 70}]
    policy(world, {**SRE, "calls": 3, "every": 60, "wait": 200, "also": also}, {"calls": 1}, repeat=1)
    expected = foreseen(world, severity)
    assert sorted(played(world, severity, 700)) == sorted(each[:3] for each in expected)
    late = 30 if severity is Severity.MEDIUM else 0
    first = [(after - late, who, by) for after, who, by, _ in expected if after - late < 200]
    assert sorted(first) == sorted(
        [
            (0, "Bea", "phone"),
            (0, "@sre", "slack"),
            (0, "Bea", "text"),
            (60, "Cy" if severity is Severity.HIGH else "Dee", "phone"),
            (70, "Cy" if severity is Severity.HIGH else "Bea", "text"),
            (120, "Dee" if severity is Severity.HIGH else "Bea", "phone"),
        ]
    )


def test_who_has_had_enough_by_this_very_call_takes_nobodys_turn(world: World) -> None:
    """Cy rests after the second call, and the third is Dee's all the same."""
    rules(world, "Cy", Rules(most_calls=1))
    medium(world)
    nobody_answers(world, 120)
    assert called(world) == [BEA, CY, DEE]


def test_who_cannot_be_called_is_passed_over_and_named(world: World) -> None:
    member(world, "Eli", None, "U0ELI")
    in_slack(world, {"U0BEA", "U0DEE", "U0ELI", "U0NEW", "U0OLD"})
    with world.store.begin() as tx:
        assert duty.not_called(tx) == [
            "Eli has no phone number",
            "U0NEW, U0OLD of @sre: no member here has that Slack user",
        ]
    played(world, Severity.HIGH, 180)
    assert called(world) == [BEA, DEE, BEA]


@pytest.mark.parametrize("users", [set(), {"U0ELI", "U0NEW"}])
def test_a_group_with_nobody_to_call_is_passed_over_at_once(world: World, users: set[str]) -> None:
    member(world, "Eli", None, "U0ELI")
    in_slack(world, users)
    with world.store.begin() as tx:
        cy = str(people.named(tx, "Cy").id)
    policy(world, {**SRE, "calls": 2}, {"to": {"person": cy}})
    why = "Eli has no phone number" if users else "nobody of @sre is a member here"
    assert foreseen(world, Severity.HIGH) == [(0, None, "phone", why), (0, "Cy", "phone", None)]
    assert played(world, Severity.HIGH, 50) == [(0, "Cy", "phone")]


@pytest.mark.parametrize("error", [TemporaryError("away"), PermanentError("Slack wants the scope usergroups:read")])
def test_without_slack_those_are_called_who_were_there_last(world: World, error: Exception) -> None:
    world.chat.fail(error, times=10_000)
    assert not RollCall(world.database, world.chat).once()
    played(world, Severity.HIGH, 180)
    assert called(world) == [BEA, CY, DEE]


def test_who_joins_or_leaves_in_slack_is_called_or_not_from_the_next_roll_call_on(world: World) -> None:
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.nobody_talks()
    assert in_slack(world, {"U0BEA", "U0DEE"}, handle="on-call")
    assert not in_slack(world, {"U0BEA", "U0DEE"}, handle="on-call")
    world.pass_time(60)
    assert called(world) == [BEA, DEE]
    with world.store.begin() as tx:
        assert [group.handle for group in groups.all_of(tx)] == ["on-call"]


def test_whoever_joins_is_called_about_what_waits_because_all_rest(world: World) -> None:
    for name in ("Bea", "Cy"):
        rules(world, name, NIGHT)
    in_slack(world, {"U0BEA", "U0CY"})
    medium(world)
    assert called(world) == []
    in_slack(world, ALL)
    world.run_due()
    assert called(world) == [DEE]


def test_a_group_that_is_gone_is_the_list_until_it_is_back(world: World) -> None:
    in_slack(world, {"U0DEE"})
    in_slack(world)
    with world.store.begin() as tx:
        assert duty.not_called(tx) == ["the group S0SRE is gone in Slack, and the list is called instead"]
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.nobody_talks()
    in_slack(world, {"U0DEE"})
    world.pass_time(60)
    assert called(world) == [BEA, DEE]


def test_an_open_incident_calls_the_group_that_no_policy_names_any_more(world: World) -> None:
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    policy(world, {"calls": 1})
    in_slack(world, {"U0DEE"})
    nobody_answers(world, 60)
    assert called(world) == [BEA, DEE]


def test_what_a_policy_names_while_slack_is_asked_is_not_taken_for_gone(world: World) -> None:
    policy(world, {"calls": 1})
    ops = Group("S0OPS", "ops", "Ops", {"U0CY"})
    with world.store.begin() as tx:
        asked_for = groups.concerned(tx)
    policy(world, {"to": {"group": "S0OPS"}})
    with world.store.begin() as tx:
        groups.take_in(tx, [ops], of={"S0OPS"})
    with world.store.begin() as tx:
        groups.take_in(tx, [], of=asked_for)
        assert [group.id for group in groups.all_of(tx)] == ["S0OPS"]


def test_the_process_of_the_sweep_does_the_roll_call(world: World) -> None:
    rounds = [
        getattr(doing, "__self__", None) for doing, _ in sweep.beside(world.settings, world.database, world.providers)
    ]
    assert any(isinstance(each, RollCall) for each in rounds)


def test_slack_is_not_asked_when_no_policy_names_a_group(world: World) -> None:
    with world.store.begin() as tx:
        organizations.lock(tx).groups = []
    policy(world, {"calls": 1})
    world.chat.calls.clear()
    assert not in_slack(world, ALL)
    assert world.chat.calls == []


def escalated(world: World, incident: Incident, by: people.Actor = ANA) -> str | None:
    responder = world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=by))
    world.run_due()
    world.nobody_talks()
    return responder.name if responder else None


def test_passed_on_it_goes_to_the_next_of_the_group_and_then_to_the_next_step(world: World) -> None:
    with world.store.begin() as tx:
        cy = str(people.named(tx, "Cy").id)
    policy(world, {**SRE, "calls": 4, "every": 60, "wait": 300}, {"to": {"person": cy}})
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.nobody_talks()
    assert escalated(world, incident, BEA_HERSELF) == "Cy"
    assert escalated(world, incident) == "Dee"
    # Bea's second turn would be next: whoever was called is not called again because somebody passes it on.
    assert escalated(world, incident) == "Cy"
    assert escalated(world, incident) is None
    assert called(world) == [BEA, CY, DEE, CY]


def test_who_was_reached_and_said_nothing_hurries_the_next_one_and_only_once(world: World) -> None:
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)

    def unanswered(which: int) -> Callable[..., bool]:
        page = world.pages(incident)[which]
        return lambda tx, row: paging.unanswered(tx, row, page, reason="silence")

    assert world.act(incident, unanswered(0))
    world.run_due()
    assert called(world) == [BEA, CY]
    nobody_answers(world, 60)
    assert called(world) == [BEA, CY, DEE]
    assert not world.act(incident, unanswered(1))


def test_whoever_is_not_told_in_their_call_is_called_again_and_not_the_next_one(world: World) -> None:
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.pass_time(60)
    page = world.pages(incident)[1]
    assert world.act(incident, lambda tx, row: paging.unheard(tx, row, page, reason="hung up"))
    world.nobody_talks()
    world.run_due()
    assert called(world) == [BEA, CY, CY]


def test_after_a_standstill_each_of_them_is_called_once(world: World) -> None:
    """One person's calls that are all late are one call; these are several people's."""
    world.reported(severity=Severity.HIGH)
    world.jump(100)
    world.run_due()
    assert called(world) == [BEA, CY]
    world.jump(500)
    world.run_due()
    assert sorted(called(world)[2:]) == [BEA, CY, DEE]


def test_the_group_is_mentioned_once_and_those_who_can_be_called_are_let_in(world: World) -> None:
    ways = [{"by": "slack", "after": 10}]
    policy(world, {**SRE, "calls": 3, "every": 60, "wait": 200, "also": ways})
    member(world, "Eli", None, "U0ELI")
    in_slack(world, ALL | {"U0ELI", "U0NEW"}, handle="sre> <!channel")
    world.chat.fail(TemporaryError("lost"), method="post", after=True)
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    nobody_answers(world, 300)
    [mention] = [note for note in world.notes() if "you are on call" in note]
    assert mention.startswith(f"<!subteam^S0SRE>, you are on call for #{incident.number}, ")
    channel = world.fresh(incident).channel_id
    assert channel is not None
    assert set(world.chat.members[channel]) >= ALL


def test_of_a_large_group_so_many_are_let_in_as_slack_takes_in_a_minute(world: World) -> None:
    """The one who is called is one of them, whatever their name."""
    many = [f"A{n:02}" for n in range(25)]
    with world.store.begin() as tx:
        for user in many:
            members.invite(tx, Contact(user, None, user), role=Role.RESPONDER)
    policy(world, {**SRE, "also": [{"by": "slack", "after": 0}]})
    in_slack(world, {"U0BEA", *many})
    channel = world.triaged(Severity.HIGH, reported=Severity.HIGH).channel_id
    assert channel is not None
    let_in = world.chat.members[channel]
    assert len(let_in) <= MOST_INVITED + 1, "and who reported it"
    assert (called(world), "U0BEA" in let_in) == ([BEA], True)


def test_somebody_of_a_group_that_is_called_is_not_removed(world: World) -> None:
    with world.store.begin() as tx, pytest.raises(IncidentError, match="Dee is to be called \\(the group @sre\\)"):
        members.remove(tx, people.named(tx, "Dee"))
    with world.store.begin() as tx:
        viewer = members.invite(tx, Contact("Eli", None, "U0ELI"), role=Role.VIEWER)
    in_slack(world, {"U0BEA", "U0ELI"})
    with world.store.begin() as tx:
        members.remove(tx, people.named(tx, "Dee"))
        members.remove(tx, viewer)


def test_an_organization_beside_the_first_has_no_groups(world: World) -> None:
    other = beside(world)
    with other.begin() as tx:
        policies.change_default(tx, {**tx.own.policy, "steps": [{**SRE, "calls": 1, "every": 60, "wait": 90}]})
    in_slack(world, {"U0BEA"})
    with other.begin() as tx:
        assert groups.all_of(tx) == []
        assert [person.name for person in duty.on_duty(tx)] == ["Hal"]


def beside(world: World) -> Store:
    with world.database.begin() as session:
        id = tenants.make(session, name="Globex").id
    store = world.database.store(id)
    with store.begin() as tx:
        people.put_on_call(tx, [Contact("Hal", "+12025550188", "U0BEA")])
    return store


def test_a_first_call_that_is_announced_is_the_one_that_is_made(world: World) -> None:
    rules(world, "Bea", NIGHT)
    incident = world.reported()
    assert "next Cy at" in world.summary(incident).page
    world.jump(30)
    world.run(world.job(incident, JobKind.PAGE))
    assert called(world) == [CY]
