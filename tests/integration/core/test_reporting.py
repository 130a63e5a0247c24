"""A report becomes an incident, once, whatever is in it and however often it comes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from incidents import inbox, names, organizations, timeline
from incidents.errors import IncidentError, NotFound
from incidents.inbox import Message
from incidents.models import Organization
from incidents.people import Actor
from incidents.policy import DEFAULT_POLICY
from incidents.reports import Opened, Report, open_incident
from incidents.roles import Role
from incidents.terms import JobKind
from incidents.words import Severity, Source, Status, Triage
from tests.integration.core.world import ANA, World, in_parallel, until_somebody_waits_for_a_lock


def opened(world: World, report: Report) -> Opened:
    with world.store.autocommit() as tx:
        return open_incident(tx, report)


def test_a_report_is_an_incident_that_owes_triage_now_and_a_page_in_thirty_seconds(world: World) -> None:
    now = world.hold()
    incident = world.reported()
    assert (incident.number, incident.status, incident.triage) == (1, Status.OPEN, Triage.SUBMITTED)
    assert {job.kind: job.due - now for job in world.jobs(incident)} == {
        "TRIAGE": timedelta(0),
        "PAGE": timedelta(seconds=30),
    }
    assert world.told(incident) == ["opened"]


def test_a_report_of_high_severity_owes_its_page_at_once(world: World) -> None:
    now = world.hold()
    assert world.job(world.reported(severity=Severity.HIGH), JobKind.PAGE).due == now


def test_the_same_id_again_is_the_first_report(world: World) -> None:
    first = opened(world, Report("A", Source.API, ANA, ref="TEST-1"))
    second = opened(world, Report("B", Source.API, ANA, ref="TEST-1"))
    assert (first.duplicate, second.duplicate) == (False, True)
    assert second.incident.id == first.incident.id
    assert second.incident.title == "A"


def test_a_report_without_an_id_gets_one_that_can_be_given_and_that_nobody_guesses(world: World) -> None:
    first, second = world.reported(), world.reported()
    assert (names.checked_ref(first.ref)[:6], names.checked_ref(second.ref)[:6]) == ("INC-1-", "INC-2-")
    assert first.ref[6:] != second.ref[6:]


@pytest.mark.parametrize("message", [None, Message("api", "key-2")])
@pytest.mark.parametrize("unit", ["autocommit", "begin"])
def test_a_report_that_lost_the_race_for_its_id_is_the_first_one(
    world: World, message: Message | None, unit: str
) -> None:
    """It has looked for the id and found none; when it is written, there is one."""
    report = Report("A", Source.API, ANA, ref="TEST-1")

    def late() -> Opened:
        with getattr(world.store, unit)() as tx:
            return open_incident(tx, report, message=message)

    with ThreadPoolExecutor(1) as pool:
        with world.store.begin() as tx:
            first = open_incident(tx, report)
            second = pool.submit(late)
            until_somebody_waits_for_a_lock(world.database)
        assert (first.duplicate, second.result().duplicate) == (False, True)
        assert second.result().incident.id == first.incident.id
    if message is not None:
        with world.store.begin() as tx:
            entry = inbox.look_up(tx, message.source, message.external_id)
            assert entry is not None
            assert entry.incident_id == first.incident.id


def test_twenty_reports_of_one_id_at_once_are_one_incident(world: World) -> None:
    answers = in_parallel(lambda _: opened(world, Report("A", Source.API, ANA, ref="TEST-1")), threads=20)
    assert len({answer.incident.id for answer in answers}) == 1
    assert sum(not answer.duplicate for answer in answers) == 1


def test_twenty_messages_at_once_through_the_inbox_are_twenty_incidents(world: World) -> None:
    def one(number: int) -> int:
        with world.store.begin() as tx:
            report = Report(f"Report {number}", Source.MENTION, ANA)
            return open_incident(tx, report, message=Message("slack.event", f"Ev{number}")).incident.number

    assert sorted(in_parallel(one, threads=20)) == list(range(1, 21))


@pytest.mark.parametrize("ref", [None, "TEST-1"])
def test_twenty_deliveries_of_one_message_at_once_are_one_incident(world: World, ref: str | None) -> None:
    report = Report("A", Source.API, ANA, ref=ref)

    def one(_: int) -> Opened:
        with world.store.autocommit() as tx:
            return open_incident(tx, report, message=Message("api", "key-1"))

    answers = in_parallel(one, threads=20)
    assert {answer.incident.number for answer in answers} == {1}
    assert sum(not answer.duplicate for answer in answers) == 1
    assert world.reported().number == 2


def test_two_messages_about_one_id_lead_to_the_same_incident(world: World) -> None:
    report = Report("A", Source.API, ANA, ref="TEST-1")
    for key in ("key-1", "key-2", "key-2"):
        with world.store.autocommit() as tx:
            assert open_incident(tx, report, message=Message("api", key)).incident.number == 1
            entry = inbox.look_up(tx, "api", key)
            assert entry is not None
            assert entry.incident_id is not None


def test_a_message_that_was_no_report_the_first_time_is_none_later(world: World) -> None:
    with world.store.begin() as tx:
        inbox.accept(tx, "slack.command", "T1")
    with world.store.begin() as tx, pytest.raises(IncidentError, match="carried out already"):
        open_incident(tx, Report("A", Source.SLASH, ANA), message=Message("slack.command", "T1"))


def test_a_report_that_fails_holds_nobody_up_and_leaves_its_number_out(world: World) -> None:
    def break_off() -> None:
        with world.store.begin() as tx:
            open_incident(tx, Report("A", Source.API, ANA))
            assert world.reported().number == 2
            raise RuntimeError("the connection broke")

    with pytest.raises(RuntimeError):
        break_off()
    assert world.reported().number == 3


BEHIND = text("SELECT setval(incident_numbers(id), 1) FROM organizations")


@pytest.mark.parametrize("unit", ["autocommit", "begin"])
def test_a_report_that_finds_its_number_taken_counts_on_from_the_rows(world: World, unit: str) -> None:
    """As after a replica took over, which knew the rows and not the sequence."""
    for _ in range(3):
        world.reported()
    with world.database.begin() as session:
        session.execute(BEHIND)
    for number in (4, 5):
        with getattr(world.store, unit)() as tx:
            assert open_incident(tx, Report("A", Source.PHONE, ANA)).incident.number == number


def test_the_start_puts_numbers_right_that_are_behind_or_not_there(world: World) -> None:
    for _ in range(3):
        world.reported()
    with world.database.begin() as session:
        session.execute(BEHIND)
        organizations.number_on(session)
    assert world.reported().number == 4
    with world.database.begin() as session:
        session.execute(text(f"DROP SEQUENCE incident_numbers_{world.store.organization.hex}"))
        organizations.number_on(session)
    assert world.reported().number == 5
    with world.database.begin() as session:
        organizations.number_on(session)
    assert world.reported().number == 6


def test_what_is_no_statement_of_its_own_is_refused_in_autocommit(world: World) -> None:
    incident = world.reported()
    with pytest.raises(AssertionError, match="autocommit"), world.store.autocommit() as tx:
        timeline.write(tx, incident, "seen", actor="Ana")
    assert world.told(incident) == ["opened"]


HOSTILE = "a\x00b \ud800 \x1b[2J <!channel> '; DROP TABLE incidents; -- \N{PILE OF POO} \u202e %s {0}"


def test_hostile_text_is_kept_wherever_it_stands(world: World) -> None:
    by = Actor(HOSTILE, via="api", slack_user=HOSTILE, phone=HOSTILE, role=Role.RESPONDER)
    details = {HOSTILE: [HOSTILE, {"nested": HOSTILE}], "nan": float("nan"), "inf": float("inf"), "big": 10**30}
    report = Report(
        HOSTILE,
        Source.API,
        by,
        description=HOSTILE,
        kind=HOSTILE,
        details=details,
        origin_channel=HOSTILE,
        origin_thread=HOSTILE,
    )
    incident = world.fresh(opened(world, report).incident)
    assert "DROP TABLE" in incident.title
    assert "\x00" not in json.dumps(incident.details)
    assert incident.details["nan"] == "nan"
    assert incident.details["big"] == 10**30
    assert world.told(incident) == ["opened"]


def test_a_message_with_hostile_ids_is_accepted_once(world: World) -> None:
    with world.store.begin() as tx:
        assert inbox.accept(tx, "api", HOSTILE) is not None
        assert inbox.accept(tx, "api", HOSTILE) is None


def test_a_description_that_is_too_long_is_refused_with_its_length(world: World) -> None:
    with pytest.raises(IncidentError, match="50,001 characters"):
        opened(world, Report("A", Source.API, ANA, description="x" * 50_001))


def test_a_title_as_long_as_a_book_is_refused_and_not_kept_as_a_description(world: World) -> None:
    with pytest.raises(IncidentError, match="the most"):
        opened(world, Report("x" * 60_000, Source.API, ANA))


def test_a_report_that_says_nothing_is_refused(world: World) -> None:
    with pytest.raises(IncidentError, match="Say what is wrong"):
        opened(world, Report(" \x00 ", Source.API, ANA))


@pytest.mark.parametrize("name", ["1", "#1", "incident-1", " #incident-1 ", "TEST-PY-01"])
def test_an_incident_is_found_by_its_number_and_its_id(world: World, name: str) -> None:
    incident = world.reported(ref="TEST-PY-01")
    with world.store.begin() as tx:
        assert names.find(tx, name).id == incident.id
        assert names.find(tx, name, lock=True).id == incident.id


def test_an_id_that_looks_like_a_channel_is_found_before_the_channel_of_that_number(world: World) -> None:
    world.reported()
    named = world.reported(ref="incident-1")
    with world.store.begin() as tx:
        assert names.find(tx, "incident-1").id == named.id
        assert names.find(tx, "1").number == 1


@pytest.mark.parametrize("name", ["2", "#", "", "9" * 70, "9" * 6000, "incident-", "x\x00y", "\ud800", "²"])
def test_what_there_is_not_is_said_to_be_not_there(world: World, name: str) -> None:
    world.reported()
    with world.store.begin() as tx, pytest.raises(NotFound, match="There is no incident"):
        names.find(tx, name)


def test_nobody_finds_an_incident_of_another_organization(world: World) -> None:
    mine = world.reported(ref="MINE")
    with world.database.begin() as session:
        other = Organization(name="other", categories=["x"], policy=DEFAULT_POLICY, created_at=world.now())
        session.add(other)
        session.flush()
        other_id = other.id
    with world.database.store(other_id).autocommit() as tx:
        with pytest.raises(NotFound):
            names.find(tx, "MINE")
        theirs = open_incident(tx, Report("Theirs", Source.API, ANA, ref="MINE"))
        assert not theirs.duplicate
        assert theirs.incident.number == 1
        assert theirs.incident.id != mine.id


def test_a_message_is_accepted_once_however_often_it_comes(world: World) -> None:
    def one(_: int) -> bool:
        with world.store.begin() as tx:
            return inbox.accept(tx, "slack.event", "Ev1") is not None

    assert sum(in_parallel(one, threads=12)) == 1


def test_a_message_whose_transaction_failed_is_accepted_the_next_time(world: World) -> None:
    def break_off() -> None:
        with world.store.begin() as tx:
            inbox.accept(tx, "slack.event", "Ev1")
            raise RuntimeError("the connection broke")

    with pytest.raises(RuntimeError):
        break_off()
    with world.store.begin() as tx:
        assert inbox.look_up(tx, "slack.event", "Ev1") is None
        assert inbox.accept(tx, "slack.event", "Ev1") is not None
