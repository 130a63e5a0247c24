"""The other ways of a step: a text, a mention, at their time, to whoever the step calls, until somebody takes it."""

from datetime import timedelta
from typing import Any

import pytest

from incidents import claims, lifecycle, members, paging, people, policies, preview, timeline
from incidents.errors import TemporaryError
from incidents.match import Match
from incidents.models import Incident, Member, Page
from incidents.policy import DEFAULT_POLICY, Policy
from incidents.roles import Role
from incidents.terms import JobKind
from incidents.words import Severity
from tasks.kinds import text_person
from tasks.work import Work
from tests.core_fakes import judged
from tests.integration.core.test_duty import policy
from tests.integration.core.world import ANA, BEA, CY, World

TEXT, SLACK = "text", "slack"


@pytest.fixture
def world(world: World) -> World:
    """Bea is called twice, mentioned at once, and texted after twenty seconds and after ninety; then Cy."""
    world.hold()
    ways = [{"by": SLACK, "after": 0}, {"by": TEXT, "after": 20}, {"by": TEXT, "after": 90}]
    policy(world, {"calls": 2, "every": 60, "wait": 120, "also": ways}, {"calls": 1, "also": ways[1:2]}, repeat=1)
    return world


def texts(world: World) -> list[str]:
    return [to for to, _ in world.phone.texted]


def mentions(world: World) -> list[str]:
    return [note for note in world.notes() if note.startswith("<@")]


def test_a_text_and_a_mention_at_their_time(world: World) -> None:
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    [mention] = mentions(world)
    assert mention.startswith(f"<@U0BEA>, you are on call for #{incident.number}, Checkout returns 502. ")
    assert mention.endswith(f"Take it: `/incident ack {incident.number}`.")
    world.pass_time(19)
    assert texts(world) == []
    world.pass_time(1)
    assert world.phone.texted == [
        (BEA.phone, f"Tocsin #{incident.number}: Checkout returns 502. Take it: /incident ack {incident.number}")
    ]
    world.pass_time(70)
    assert texts(world) == [BEA.phone] * 2
    world.pass_time(50)
    assert texts(world) == [BEA.phone] * 2 + [CY.phone]


def test_a_long_title_fits_into_one_message(world: World) -> None:
    world.reported("The checkout " * 15, severity=Severity.HIGH)
    world.run_due()
    world.pass_time(20)
    [(_, text)] = world.phone.texted
    assert 150 < len(text) <= 160


def test_what_somebody_took_tells_nobody_more(world: World) -> None:
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    world.pass_time(300)
    assert texts(world) == []
    outcomes = {job.outcome for job in world.jobs(incident, JobKind.TEXT_PERSON)}
    assert outcomes == {"cancelled"}


def test_passed_on_the_first_ones_texts_are_over(world: World) -> None:
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
    world.pass_time(119)
    assert texts(world) == [CY.phone]


def test_a_text_whose_answer_is_lost_is_sent_once(world: World) -> None:
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.phone.fail(TemporaryError("timeout"), method="text", after=True)
    world.pass_time(60)
    assert texts(world) == [BEA.phone]


def test_a_text_that_was_surely_not_sent_is_sent_again(world: World) -> None:
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.phone.fail(TemporaryError("timeout"), method="text")
    world.pass_time(60)
    assert texts(world) == [BEA.phone]


def test_the_call_goes_out_whatever_becomes_of_slack(world: World) -> None:
    world.chat.fail(TemporaryError("away"), times=1000)
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.pass_time(20)
    assert [call.to for call in world.phone.placed] == [BEA.phone]
    assert texts(world) == [BEA.phone]


def test_the_timeline_is_the_preview(world: World) -> None:
    with world.store.begin() as tx:
        opened = tx.now
        expected = preview.preview(tx, Policy.of(tx.own.policy), severity=Severity.HIGH, opened=opened)
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    for _ in range(600):
        world.nobody_talks()
        world.pass_time(1)
    lines = world.act(incident, timeline.read)
    told = [(line.at, line.details["who"], line.details["by"]) for line in lines if line.kind in ("paged", "messaged")]
    foreseen = [(each.at, _name(each.responder), each.by or "phone") for each in expected.calls]
    assert sorted(told) == sorted(foreseen)
    assert [(round((at - opened) / timedelta(seconds=1)), who, by) for at, who, by in foreseen[:6]] == [
        (0, "Bea", "phone"),
        (0, "Bea", "slack"),
        (20, "Bea", "text"),
        (60, "Bea", "phone"),
        (90, "Bea", "text"),
        (120, "Cy", "phone"),
    ]


def _name(person: people.Known | None) -> Any:
    return person and person.name


def test_whoever_comes_on_call_meanwhile_is_told(world: World) -> None:
    incident: Incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    with world.store.begin() as tx:
        people.put_on_call(tx, [people.Contact("Cy", CY.phone, CY.slack_user)])
    world.pass_time(20)
    assert texts(world) == [CY.phone]
    assert world.told(incident).count("messaged") == 2


def test_when_paging_ends_nobody_is_texted_any_more(world: World) -> None:
    incident = world.reported()
    world.jump(30)
    world.run(world.job(incident, JobKind.PAGE))
    world.triager.verdict = judged(severity=Severity.LOW)
    world.pass_time(300)
    assert "paging_ended" in world.told(incident)
    assert texts(world) == []


def test_whoever_is_mentioned_is_in_the_channel(world: World) -> None:
    with world.store.begin() as tx:
        dee = members.invite(tx, people.Contact("Dee", "+12025550113", "U0DEE"), role=Role.RESPONDER)
        tx.get(Member, dee.id).phone_verified_at = tx.now
        step = {
            "calls": 1,
            "every": 60,
            "wait": 600,
            "to": {"person": str(dee.id)},
            "also": [{"by": SLACK, "after": 0}],
        }
        match = Match(services=["checkout"])
        definition = {**DEFAULT_POLICY, "steps": [step]}
        policies.make(tx, name="Checkout", match=match, definition=definition, place=None)
    world.reported(severity=Severity.HIGH, service="checkout")
    world.run_due()
    [members_] = world.chat.members.values()
    assert "U0DEE" in members_


@pytest.fixture
def unheard(world: World) -> Incident:
    """Bea was texted after twenty seconds, and the second call ended before she heard of it."""
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.nobody_talks()
    world.pass_time(60)
    world.nobody_talks()
    return incident


def hang_up(world: World, incident: Incident) -> None:
    [_, second] = world.pages(incident)
    assert world.act(incident, lambda tx, row: paging.unheard(tx, row, tx.get(Page, second.id), reason="hung up"))


def test_what_a_step_still_owes_goes_out_when_its_second_call_was_not_heard(world: World, unheard: Incident) -> None:
    hang_up(world, unheard)
    world.pass_time(29)
    assert texts(world) == [BEA.phone]
    world.pass_time(1)
    assert texts(world) == [BEA.phone] * 2
    assert len(world.phone.placed) == 3


def test_a_text_in_a_workers_hands_goes_out_when_the_call_was_not_heard_just_then(
    world: World, unheard: Incident
) -> None:
    [due] = [job for job in world.jobs(unheard, JobKind.TEXT_PERSON) if job.done_at is None]
    world.jump(30)
    with world.database.begin() as session:
        claim = claims.take(session, due.id)
    assert claim is not None
    hang_up(world, unheard)
    text_person.handler.run(Work(claim, world.store, world.providers, world.settings))
    assert texts(world) == [BEA.phone] * 2


def test_passed_on_after_a_call_that_was_not_heard_the_texts_are_over(world: World, unheard: Incident) -> None:
    hang_up(world, unheard)
    world.act(unheard, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
    world.pass_time(119)
    assert texts(world) == [BEA.phone, CY.phone]
