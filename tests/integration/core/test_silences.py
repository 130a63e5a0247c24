"""Silences: pages that come due wait for the end, nothing is lost, and a person who wants somebody gets somebody."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from incidents import classification, findings, lifecycle, preview, silences
from incidents.errors import IncidentError, NotFound, TemporaryError
from incidents.models import Attempt, Incident, SilenceRow
from incidents.policy import Policy
from incidents.reports import Report, open_incident
from incidents.summary import summarize
from incidents.terms import JobKind
from incidents.words import Severity, Source
from tests.core_fakes import judged
from tests.integration.core.test_duty import policy
from tests.integration.core.world import ANA, World, until_somebody_waits_for_a_lock

HOUR = timedelta(hours=1)
BEA = "+12025550111"


@pytest.fixture
def world(world: World) -> World:
    world.hold()
    return world


def silence(
    world: World,
    *,
    begins: timedelta = timedelta(0),
    ends: timedelta = HOUR,
    severities: Collection[Severity] = (Severity.LOW, Severity.MEDIUM),
    categories: Collection[str] = (),
) -> SilenceRow:
    with world.store.begin() as tx:
        times = {"begins": tx.now + begins, "ends": tx.now + ends}
        return silences.make(
            tx, reason="Moving the database", severities=severities, categories=categories, by="Ana", **times
        )


def medium(world: World, **verdict: Any) -> Incident:
    """Its first page came due, after half a minute."""
    world.triager.verdict = judged(severity=Severity.MEDIUM, **verdict)
    incident = world.reported()
    world.run_due()
    world.jump(30)
    world.run_due()
    return incident


def medium_owed(world: World) -> Incident:
    """Its first page is due, and nobody has looked at it."""
    world.triager.verdict = judged(severity=Severity.MEDIUM)
    incident = world.reported()
    world.run_due()
    world.jump(30)
    return incident


def called(world: World) -> list[str]:
    return [call.to for call in world.phone.placed]


def test_a_page_waits_for_the_end_and_is_made_then(world: World) -> None:
    silence(world)
    incident = medium(world)
    assert called(world) == []
    assert "page_held" in world.told(incident)
    world.run_due()
    (note,) = [each for each in world.chat.posts if "Paging waits until" in each.message.text]
    assert "Moving the database (Ana)" in note.message.text
    world.jump(HOUR.total_seconds() - 31)
    world.run_due()
    assert called(world) == []
    world.jump(1)
    world.run_due()
    assert called(world) == [BEA]


def test_what_a_person_has_taken_meanwhile_calls_nobody(world: World) -> None:
    silence(world)
    incident = medium(world)
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=ANA))
    world.jump(HOUR.total_seconds())
    world.run_due()
    assert called(world) == []


def test_high_goes_through_unless_it_is_named(world: World) -> None:
    silence(world)
    world.triaged(Severity.HIGH)
    assert called(world) == [BEA]
    silence(world, severities=list(Severity))
    world.nobody_talks()
    world.triaged(Severity.HIGH)
    assert called(world) == [BEA]


def test_what_turns_out_to_be_high_is_called_about_at_once(world: World) -> None:
    """Nobody had said how bad it is when its page came due; triage was late."""
    silence(world)
    incident = world.reported()
    world.jump(30)
    (page,) = world.jobs(incident, JobKind.PAGE)
    world.run(page)
    assert "page_held" in world.told(incident)
    world.triager.verdict = judged(severity=Severity.HIGH)
    world.run_due()
    assert called(world) == [BEA]


def test_a_silence_of_a_category_holds_that_one_alone(world: World) -> None:
    silence(world, categories=["database"])
    medium(world, category="database")
    assert called(world) == []
    medium(world, category="network")
    assert called(world) == [BEA]


def test_who_escalates_has_somebody_called_now(world: World) -> None:
    silence(world)
    incident = medium(world)
    world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
    world.run_due()
    assert called(world) == [BEA]


def test_ended_early_what_it_held_goes_out_now(world: World) -> None:
    row = silence(world)
    other = silence(world, begins=HOUR, ends=2 * HOUR)
    incident = medium(world)
    with world.store.begin() as tx:
        assert silences.end(tx, str(row.id), by="Ana").ended_by == "Ana"
        assert [each.id for each in silences.to_come(tx)] == [other.id]
    world.run_due()
    assert called(world) == [BEA]
    assert world.told(incident).count("page_held") == 1
    with world.store.begin() as tx:
        assert silences.end(tx, str(row.id), by="Cy").ended_by == "Ana"
        with pytest.raises(NotFound, match="no silence 'nothing'"):
            silences.end(tx, "nothing", by="Ana")


def test_ended_early_of_two_that_follow_each_other_the_second_holds_no_more(world: World) -> None:
    silence(world)
    longer = silence(world, begins=HOUR / 2, ends=12 * HOUR)
    incident = medium(world)
    with world.store.begin() as tx:
        silences.end(tx, str(longer.id), by="Ana")
    world.run_due()
    assert called(world) == []
    assert world.job(incident, JobKind.PAGE).due == world.now() + HOUR - timedelta(seconds=30)


def test_who_is_about_to_hold_a_page_and_who_ends_the_silence_wait_for_each_other(world: World) -> None:
    """Without it the page would wait for the end of a silence that there is no more."""
    row = silence(world)
    incident = medium_owed(world)
    (page,) = world.jobs(incident, JobKind.PAGE)
    with ThreadPoolExecutor(1) as pool:
        with world.store.begin() as tx:
            silences.to_come(tx, lock=True)
            ending = pool.submit(_end, world, row)
            until_somebody_waits_for_a_lock(world.database)
            assert not ending.done()
        ending.result()
    world.run(page)
    assert called(world) == [BEA]


def _end(world: World, row: SilenceRow) -> None:
    with world.store.begin() as tx:
        silences.end(tx, str(row.id), by="Ana")


def test_corrected_to_a_category_that_no_silence_holds_it_is_called_about(world: World) -> None:
    silence(world, categories=["database"])
    incident = medium(world, category="database")
    assert called(world) == []
    world.act(incident, lambda tx, row: classification.correct(tx, row, "network", by=ANA, via="api"))
    world.run_due()
    assert called(world) == [BEA]


def test_a_second_call_that_waits_goes_out_when_it_turns_out_to_be_high(world: World) -> None:
    policy(world, {"calls": 2, "every": 60, "wait": 120})
    world.triager.fail(TemporaryError("the model is away"), times=50)
    silence(world, begins=timedelta(seconds=60), ends=HOUR)
    incident = world.reported()
    for _ in range(3):
        world.jump(30)
        world.run_due()
        world.nobody_talks()
    assert called(world) == [BEA]
    assert "page_held" in world.told(incident)
    world.triager.works_again()
    world.triager.verdict = judged(severity=Severity.HIGH)
    world.jump(300)
    world.run_due()
    assert called(world) == [BEA, BEA]


def test_a_page_that_waits_is_nothing_to_worry_the_admins_about(world: World) -> None:
    silence(world, ends=2 * HOUR)
    medium(world)
    with world.database.begin() as session:
        session.execute(update(Attempt).values(started_real=Attempt.started_real - timedelta(minutes=6)))
        assert findings.Kind.CALLED_IN_VAIN not in {finding.kind for finding in findings.find(session)}


def test_silences_that_follow_each_other_hold_as_one_and_a_gap_ends_them(world: World) -> None:
    silence(world)
    silence(world, begins=HOUR / 2, ends=2 * HOUR)
    silence(world, begins=2 * HOUR + timedelta(seconds=1), ends=3 * HOUR)
    incident = medium(world)
    assert world.job(incident, JobKind.PAGE).due == world.now() + 2 * HOUR - timedelta(seconds=30)


def test_a_silence_that_begins_between_two_calls_holds_the_second(world: World) -> None:
    policy(world, {"calls": 2, "every": 60, "wait": 120})
    silence(world, begins=timedelta(seconds=60), ends=HOUR)
    medium(world)
    world.nobody_talks()
    world.jump(60)
    world.run_due()
    assert called(world) == [BEA]
    world.jump(HOUR.total_seconds())
    world.run_due()
    assert called(world) == [BEA, BEA]


def test_the_preview_knows_of_it_to_the_second(world: World) -> None:
    policy(world, {"calls": 2, "every": 60, "wait": 120})
    silence(world, begins=timedelta(seconds=60), ends=HOUR)
    with world.store.begin() as tx:
        opened = tx.now
        expected = preview.preview(tx, Policy.of(tx.own.policy), severity=Severity.MEDIUM, opened=opened)
    incident = medium(world)
    for _ in range(200):
        world.nobody_talks()
        world.jump(30)
        world.run_due()
    placed = [call.placed_at for call in world.calls(incident)]
    assert placed == [each.at for each in expected.calls]
    assert [at - opened for at in placed] == [timedelta(seconds=30), HOUR]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ends": timedelta(0)}, "ends after it begins"),
        ({"begins": -2 * HOUR, "ends": -HOUR}, "not before now"),
        ({"ends": timedelta(days=15)}, "14 days at most"),
        ({"begins": timedelta(days=400), "ends": timedelta(days=401)}, "begins within a year"),
        ({"categories": ["nonsense"]}, "There is no category 'nonsense'. Choose one of: "),
    ],
)
def test_what_is_no_silence_is_refused(world: World, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(IncidentError, match=says):
        silence(world, **wrong)


def test_whoever_reports_reads_when_somebody_is_called_after_all(world: World) -> None:
    """In the answer to the report, before the page is held, and while it is."""
    ends = silence(world).ends
    with world.store.autocommit() as tx:
        opened = open_incident(tx, Report("Reports are late", Source.API, ANA))
        told = [summarize(tx, opened.incident, first_page=opened.first_page).page]
    told.append(world.summary(opened.incident).page)
    world.triager.verdict = judged(severity=Severity.MEDIUM)
    world.jump(30)
    world.run_due()
    told.append(world.summary(opened.incident).page)
    assert told == [f"next Bea at {ends:%H:%M:%S} UTC"] * 3


def test_what_somebody_escalates_in_a_silence_is_shown_as_due(world: World) -> None:
    silence(world)
    incident = medium(world)
    world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
    assert world.summary(incident).page == f"next Bea at {world.now():%H:%M:%S} UTC"
