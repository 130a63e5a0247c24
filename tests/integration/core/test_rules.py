"""What people asked for about being called: others are called, or the page waits; HIGH goes through."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, text

from incidents import duty, lifecycle, listing, members, paging, people, preview, silences
from incidents.errors import IncidentError, TemporaryError
from incidents.models import Incident, Member
from incidents.people import Contact
from incidents.policy import Policy
from incidents.roles import Role
from incidents.rules import EVERY_DAY, NONE, Rules
from incidents.schedules import Layer, Rotation, Unit, Window
from incidents.summary import summarize_all
from incidents.terms import JobKind
from incidents.words import Severity
from tests.core_fakes import judged
from tests.integration.core.test_duty import policy
from tests.integration.core.world import ANA, World, until_somebody_waits_for_a_lock
from tests.integration.core.world import BEA as BEA_HERSELF

UTC = ZoneInfo("UTC")
OPENED = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)
BEA, CY = "+12025550111", "+12025550112"
NIGHT = Rules(UTC, Window(EVERY_DAY, time(22), time(7)))
LATE_NIGHT = Rules(UTC, Window(EVERY_DAY, time(22), time(9)))


@pytest.fixture
def world(world: World) -> World:
    """Eleven in the evening, and time passes when the test says so."""
    world.hold()
    world.jump((OPENED - world.now()).total_seconds())
    return world


def rules(world: World, name: str, rules: Rules) -> None:
    with world.store.begin() as tx:
        members.give_rules(tx, people.named(tx, name), rules)


def medium(world: World, title: str = "Reports are late") -> Incident:
    """Its first page came due, after half a minute."""
    world.triager.verdict = judged(severity=Severity.MEDIUM)
    incident = world.reported(title)
    world.run_due()
    world.jump(30)
    world.run_due()
    return incident


def called(world: World) -> list[str]:
    return [call.to for call in world.phone.placed]


def hours(world: World, number: float) -> None:
    world.jump(number * 3600)
    world.run_due()


def test_whoever_has_quiet_hours_is_passed_over_for_somebody_who_has_none(world: World) -> None:
    rules(world, "Bea", NIGHT)
    medium(world)
    assert called(world) == [CY]


def test_high_goes_through(world: World) -> None:
    rules(world, "Bea", Rules(UTC, NIGHT.quiet, most_calls=1, gap=timedelta(hours=1)))
    world.triaged(Severity.HIGH)
    world.nobody_talks()
    world.triaged(Severity.HIGH)
    assert called(world) == [BEA, BEA]


def test_when_all_rest_it_waits_for_the_first_who_does_not(world: World) -> None:
    rules(world, "Bea", LATE_NIGHT)
    rules(world, "Cy", NIGHT)
    incident = medium(world)
    assert called(world) == []
    assert world.told(incident).count("page_held") == 1
    (note,) = [note for note in world.notes() if "Paging waits" in note]
    assert "until 2026-03-05 07:00 UTC: Bea has quiet hours until 09:00 UTC; Cy has quiet hours until 07:00" in note
    hours(world, 7.99)
    assert called(world) == []
    world.jump(7)
    world.run_due()
    assert called(world) == [CY]
    world.nobody_talks()
    world.jump(60)
    world.run_due()
    assert called(world) == [CY, CY]


def test_who_escalates_has_somebody_called_all_the_same(world: World) -> None:
    rules(world, "Bea", NIGHT)
    rules(world, "Cy", NIGHT)
    incident = medium(world)
    responder = world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
    assert responder is not None
    assert responder.name == "Bea"
    world.run_due()
    assert called(world) == [BEA]


def test_who_escalates_reaches_somebody_who_does_not_rest_first(world: World) -> None:
    rules(world, "Bea", NIGHT)
    incident = world.reported()
    responder = world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
    assert responder is not None
    assert responder.name == "Cy"
    world.run_due()
    assert called(world) == [CY]


def test_what_turns_out_to_be_high_waits_no_longer(world: World) -> None:
    rules(world, "Bea", NIGHT)
    rules(world, "Cy", NIGHT)
    incident = medium(world)
    world.act(incident, lambda tx, row: lifecycle.severity_reported(tx, row, Severity.HIGH))
    world.run_due()
    assert called(world) == [BEA]


def test_who_gives_up_their_quiet_hours_is_called_about_what_waits(world: World) -> None:
    rules(world, "Bea", NIGHT)
    rules(world, "Cy", NIGHT)
    incident = medium(world)
    rules(world, "Cy", LATE_NIGHT)
    world.run_due()
    assert called(world) == []
    rules(world, "Cy", NONE)
    world.run_due()
    assert called(world) == [CY]
    assert world.told(incident).count("page_held") == 1


def test_whoever_comes_on_call_in_the_night_is_called_then(world: World) -> None:
    rules(world, "Bea", LATE_NIGHT)
    with world.store.begin() as tx:
        bea, cy = people.named(tx, "Bea"), people.named(tx, "Cy")
        layer = Layer((bea.id, cy.id), Rotation(datetime.fromisoformat("2026-03-04 04:00"), Unit.DAY))
        schedule = duty.make(tx, name="Night", zone="UTC", layers_=[layer])
    policy(world, {"to": {"schedule": str(schedule.id)}, "calls": 1, "every": 60, "wait": 120})
    medium(world)
    hours(world, 4.98)
    assert called(world) == []
    hours(world, 0.02)
    assert called(world) == [CY]


def test_a_storm_is_one_call_and_then_one_more(world: World) -> None:
    rules(world, "Bea", Rules(gap=timedelta(minutes=10)))
    first = medium(world, "one")
    world.nobody_talks()
    world.act(first, lambda tx, row: lifecycle.acknowledge(tx, row, by=ANA))
    storm = [medium(world, f"number {number}") for number in range(5)]
    assert called(world) == [BEA]
    world.jump(600 - 5 * 30 - 1)
    world.run_due()
    assert called(world) == [BEA]
    world.jump(1)
    world.run_due()
    assert called(world) == [BEA, BEA]
    assert {len(world.pages(incident)) for incident in storm} == {1}


def test_after_so_many_calls_somebody_else_has_the_night(world: World) -> None:
    rules(world, "Bea", Rules(most_calls=2))
    for title in ("one", "two", "three"):
        incident = medium(world, title)
        world.nobody_talks()
        world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=ANA))
    assert called(world) == [BEA, BEA, CY]
    hours(world, 12)
    medium(world, "four")
    assert called(world) == [BEA, BEA, CY, BEA]


def test_quiet_hours_without_an_end_are_refused(world: World) -> None:
    with pytest.raises(IncidentError, match="never end"):
        rules(world, "Bea", Rules(UTC, Window(EVERY_DAY, time(8), time(8))))


def test_the_ledger_is_the_preview_with_rules_and_a_silence(world: World) -> None:
    """Three steps, done twice: Bea wants ten minutes between calls, Cy sleeps until seven, Dee takes two calls."""
    with world.store.begin() as tx:
        dee = members.invite(tx, Contact("Dee", phone="+12025550113"), role=Role.RESPONDER)
        tx.get(Member, dee.id).phone_verified_at = tx.now
    with world.store.begin() as tx:
        steps = {name: str(people.named(tx, name).id) for name in ("Bea", "Cy", "Dee")}
    rules(world, "Bea", Rules(gap=timedelta(minutes=10)))
    rules(world, "Cy", NIGHT)
    rules(world, "Dee", Rules(most_calls=2))
    policy(
        world,
        {"to": {"person": steps["Bea"]}, "calls": 2, "every": 60, "wait": 130},
        {"to": {"person": steps["Cy"]}, "calls": 1, "every": 60, "wait": 90},
        {"to": {"person": steps["Dee"]}, "calls": 2, "every": 50, "wait": 110},
        repeat=1,
    )
    with world.store.begin() as tx:
        times = {"begins": tx.now + timedelta(minutes=14.5), "ends": tx.now + timedelta(minutes=20)}
        silences.make(tx, reason="Moving", severities=[Severity.MEDIUM], categories=[], by="Ana", **times)
    other = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.act(other, lambda tx, row: lifecycle.acknowledge(tx, row, by=ANA))
    world.run_due()
    with world.store.begin() as tx:
        expected = preview.preview(tx, Policy.of(tx.own.policy), severity=Severity.MEDIUM, opened=tx.now)
    incident = world.triaged(Severity.MEDIUM)
    while not (told := world.jobs(incident, JobKind.TELL_EVERYBODY)) or told[0].done_at is None:
        world.nobody_talks()
        world.pass_time(45)
    ledger = [(call.placed_at, call.responder_name) for call in world.calls(incident)]
    assert ledger == [(each.at, each.responder.name) for each in expected.calls if each.responder]
    assert told[0].done_at == expected.told_at
    minutes = [(round((at - OPENED).total_seconds() / 60, 2), name) for at, name in ledger]
    assert minutes == [
        (10.0, "Bea"),  # She was called about another one just before.
        (11.0, "Bea"),
        (12.17, "Dee"),
        (13.0, "Dee"),
        (14.0, "Bea"),
        (20.0, "Bea"),  # The silence is over.
        # Cy sleeps and Dee has had enough: it waits for Cy, and then until Dee's first call is twelve hours ago.
        (480.0, "Cy"),
        (732.17, "Dee"),
        (733.0, "Dee"),
    ]


def test_a_call_that_never_went_out_keeps_nobody_from_being_called(world: World) -> None:
    rules(world, "Bea", Rules(gap=timedelta(hours=10), most_calls=1))
    rules(world, "Cy", NIGHT)
    world.phone.fail(TemporaryError("503", happened=False), method="call", times=3)
    medium(world)
    world.pass_time(60)
    assert called(world) == [BEA]


def test_a_gap_does_not_stop_the_ladder_of_one_incident(world: World) -> None:
    rules(world, "Bea", Rules(gap=timedelta(hours=12)))
    medium(world)
    for _ in range(4):
        world.nobody_talks()
        world.pass_time(60)
    assert called(world)[:3] == [BEA, BEA, CY]


def test_passed_on_whoever_rests_is_called_when_nobody_else_is_left(world: World) -> None:
    rules(world, "Cy", NIGHT)
    incident = medium(world)
    world.nobody_talks()
    responder = world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=BEA_HERSELF))
    assert responder is not None
    assert responder.name == "Cy"
    world.run_due()
    assert called(world) == [BEA, CY]
    assert "next Cy" in world.summary(incident).page


def test_the_channel_is_told_when_it_waits_longer(world: World) -> None:
    rules(world, "Bea", Rules(UTC, Window(EVERY_DAY, time(23, 5), time(7)), gap=timedelta(minutes=10)))
    rules(world, "Cy", NIGHT)
    first = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.act(first, lambda tx, row: lifecycle.acknowledge(tx, row, by=ANA))
    world.nobody_talks()
    medium(world)
    hours(world, 0.2)
    waits = [note for note in world.notes() if "Paging waits" in note]
    assert [note.split("until ")[1][:16] for note in waits] == ["2026-03-04 23:10", "2026-03-05 07:00"]


def test_who_changes_rules_while_a_page_is_put_off_has_it_looked_at_again(world: World) -> None:
    """Without it the page would wait for the end of quiet hours that there are no more."""
    rules(world, "Bea", NIGHT)
    rules(world, "Cy", NIGHT)
    world.triager.verdict = judged(severity=Severity.MEDIUM)
    incident = world.reported()
    world.run(world.job(incident, JobKind.TRIAGE))
    world.jump(30)
    with ThreadPoolExecutor(1) as pool:
        with world.store.begin() as tx:
            members.give_rules(tx, people.named(tx, "Cy"), NONE)
            holding = pool.submit(world.run, world.job(incident, JobKind.PAGE))
            until_somebody_waits_for_a_lock(world.database)
        holding.result()
    world.jump(5)
    world.run_due()
    assert called(world) == [CY]


def test_who_comes_on_call_while_a_page_is_put_off_is_called(world: World) -> None:
    """Without it the page would wait for the end of Bea's rest, though Cy has the shift now."""
    rules(world, "Bea", NIGHT)
    with world.store.begin() as tx:
        layer = Layer((people.named(tx, "Bea").id,), Rotation(datetime.fromisoformat("2026-03-04 04:00"), Unit.DAY))
        schedule = duty.make(tx, name="Night", zone="UTC", layers_=[layer])
    policy(world, {"to": {"schedule": str(schedule.id)}, "calls": 1, "every": 60, "wait": 120})
    world.triager.verdict = judged(severity=Severity.MEDIUM)
    incident = world.reported()
    world.run(world.job(incident, JobKind.TRIAGE))
    world.jump(30)
    with ThreadPoolExecutor(1) as pool:
        with world.store.begin() as tx:
            row, cy = duty.find(tx, "Night", lock=True), people.named(tx, "Cy")
            duty.override(tx, row, person=cy, begins=tx.now, ends=tx.now + timedelta(hours=1), by="Cy")
            paging.look_at_all_again(tx, locks_members=False)
            holding = pool.submit(world.run, world.job(incident, JobKind.PAGE))
            until_somebody_waits_for_a_lock(world.database)
        holding.result()
    world.jump(5)
    world.run_due()
    assert called(world) == [CY]


def test_a_list_asks_the_database_as_often_as_for_one(world: World) -> None:
    """Who is called next about each of them: the calls of the night are read once."""
    rules(world, "Bea", Rules(UTC, gap=timedelta(hours=1)))
    asked = []
    for _ in range(3):
        medium(world)
        asked.append(questions(world))
    assert asked[0] == asked[1] == asked[2]


def questions(world: World) -> int:
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with world.store.begin() as tx:
        event.listen(world.database.engines.transactions, "before_cursor_execute", note)
        try:
            summarize_all(tx, listing.open_by_severity(tx, limit=30))
        finally:
            event.remove(world.database.engines.transactions, "before_cursor_execute", note)
    return len(asked)


def test_quiet_hours_in_a_zone_that_is_known_no_more_keep_nobody_quiet(world: World) -> None:
    rules(world, "Bea", NIGHT)
    with world.database.begin() as session:
        lost = text(
            "UPDATE members SET rules = jsonb_set(rules, '{quiet,zone}', '\"Mars/Olympus\"') WHERE name = 'Bea'"
        )
        session.execute(lost)
    medium(world)
    assert called(world) == [BEA]
