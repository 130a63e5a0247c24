"""Each finding of the audit is found when it is so, and not before and not otherwise."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from incidents import findings, heartbeats, lifecycle, paging
from incidents.errors import PermanentError, TemporaryError
from incidents.findings import Finding, Kind
from incidents.terms import JobKind
from incidents.words import Severity, Source
from tests.integration.core.world import BEA, World


@pytest.fixture(autouse=True)
def _parts_work(world: World) -> None:
    with world.database.begin() as session:
        for part in heartbeats.PARTS:
            heartbeats.beat(session, part)


def found(world: World) -> dict[Kind, Finding]:
    with world.database.begin() as session:
        return {finding.kind: finding for finding in findings.find(session)}


def sql(world: World, statement: str, **values: Any) -> None:
    with world.database.begin() as session:
        session.execute(text(statement), values)


def test_nothing_is_wrong_when_nothing_is_owed(world: World) -> None:
    assert found(world) == {}


@pytest.mark.parametrize("severity", list(Severity))
def test_nothing_is_wrong_over_the_whole_life_of_an_incident(world: World, severity: Severity) -> None:
    world.hold()
    incident = world.triaged(severity)
    assert found(world) == {}
    for _ in range(10):
        world.pass_time(80)
        assert found(world) == {}
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.run_due()
    assert found(world) == {}
    world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=BEA))
    world.pass_time(600)
    assert found(world) == {}
    world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    world.act(incident, lambda tx, row: lifecycle.reopen(tx, row, by=BEA, reason="again"))
    world.pass_time(2)
    assert found(world) == {}


@pytest.mark.parametrize("kind", ["PAGE", "TELL_EVERYBODY"])
def test_an_open_incident_whose_promise_is_gone(world: World, kind: str) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    if kind == "TELL_EVERYBODY":
        for _ in range(40):
            world.pass_time(20)
            if "PAGE" not in world.waiting(incident):
                break
    sql(world, "DELETE FROM jobs WHERE kind = :kind AND done_at IS NULL", kind=kind)
    assert found(world)[Kind.PROMISE_MISSING] == Finding(Kind.PROMISE_MISSING, 1, f"#{incident.number}")
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    assert Kind.PROMISE_MISSING not in found(world)


def test_a_cancelled_page_is_a_missing_promise_unless_the_severity_does_not_page(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.MEDIUM)
    world.act(incident, lambda tx, row: paging.stop(tx, row))
    assert Kind.PROMISE_MISSING in found(world)
    sql(world, "UPDATE incidents SET severity = 'LOW'")
    assert found(world) == {}


def test_a_report_that_nobody_will_triage(world: World) -> None:
    world.hold()
    world.reported()
    assert found(world) == {}
    sql(world, "UPDATE jobs SET done_at = store_now(), outcome = 'done' WHERE kind = 'TRIAGE'")
    assert Kind.PROMISE_MISSING in found(world)


def test_a_page_that_is_due_for_more_than_half_a_minute(world: World) -> None:
    world.hold()
    incident = world.reported(severity=Severity.HIGH)
    world.jump(29)
    assert found(world) == {}
    world.jump(2)
    assert found(world)[Kind.PAGE_OVERDUE] == Finding(Kind.PAGE_OVERDUE, 1, f"PAGE of #{incident.number}")


def test_a_page_that_the_provider_put_off_is_not_overdue(world: World) -> None:
    world.hold()
    world.reported(severity=Severity.HIGH)
    world.jump(29)
    world.phone.fail(TemporaryError("slower, please", retry_after=timedelta(seconds=15), happened=False), method="call")
    world.run_due()
    world.jump(5)
    assert Kind.PAGE_OVERDUE not in found(world)


def test_other_jobs_are_overdue_after_five_minutes(world: World) -> None:
    world.hold()
    world.triaged(Severity.LOW)
    sql(world, "UPDATE jobs SET done_at = NULL, outcome = NULL, due = store_now() WHERE kind = 'OPEN_TICKET'")
    world.jump(299)
    assert found(world) == {}
    world.jump(2)
    assert found(world)[Kind.JOB_OVERDUE].example == "OPEN_TICKET of #1"


def test_a_report_without_a_triage_result_after_two_minutes(world: World) -> None:
    world.hold()
    world.reported()
    world.jump(119)
    assert Kind.TRIAGE_MISSING not in found(world)
    world.jump(2)
    assert found(world)[Kind.TRIAGE_MISSING].count == 1


def test_a_caller_may_speak_before_the_report_is_triaged(world: World) -> None:
    world.hold()
    world.reported(source=Source.PHONE)
    world.jump(290)
    assert Kind.TRIAGE_MISSING not in found(world)
    world.jump(11)
    assert found(world)[Kind.TRIAGE_MISSING].count == 1


def test_triage_that_failed_is_a_result(world: World) -> None:
    world.hold()
    world.triager.fail(PermanentError("no"), method="triage")
    world.reported()
    world.run_due()
    world.jump(200)
    assert Kind.TRIAGE_MISSING not in found(world)


def test_a_page_that_counts_as_done_though_nobody_was_called(world: World) -> None:
    world.hold()
    incident = world.reported(severity=Severity.HIGH)
    sql(world, "UPDATE jobs SET done_at = store_now(), outcome = 'done' WHERE kind = 'PAGE'")
    world.jump(119)
    assert Kind.PAGE_UNACCOUNTED not in found(world)
    world.jump(2)
    assert found(world)[Kind.PAGE_UNACCOUNTED] == Finding(Kind.PAGE_UNACCOUNTED, 1, f"#{incident.number}")


def test_a_page_with_a_reason_is_accounted_for(world: World) -> None:
    world.hold()
    world.without_phones()
    incident = world.triaged(Severity.HIGH)
    world.jump(125)
    assert "page_not_made" in world.told(incident)
    assert Kind.PAGE_UNACCOUNTED not in found(world)


def test_a_call_that_is_tried_in_vain_for_five_minutes(world: World) -> None:
    world.reported(severity=Severity.HIGH)
    world.phone.fail(TemporaryError("Twilio is away", happened=False), method="call", times=1000)
    world.run_due()
    assert Kind.CALLED_IN_VAIN not in found(world)
    sql(world, "UPDATE attempts SET started_real = started_real - interval '5 minutes'")
    assert found(world)[Kind.CALLED_IN_VAIN].example == "PAGE of #1"


def test_a_part_that_is_silent_or_was_never_heard(world: World) -> None:
    sql(world, "UPDATE heartbeats SET at = at - interval '31 seconds' WHERE part = 'worker-default'")
    assert found(world)[Kind.PART_SILENT] == Finding(Kind.PART_SILENT, 1, "worker-default")
    sql(world, "DELETE FROM heartbeats WHERE part = 'worker-page'")
    assert found(world)[Kind.PART_SILENT].example == "worker-page, worker-default"


def test_a_job_that_was_given_up_is_told_until_the_incident_is_over(world: World) -> None:
    world.hold()
    world.tickets.fail(PermanentError("no such project"), method="create")
    incident = world.triaged(Severity.LOW)
    assert found(world) == {Kind.JOB_FAILED: Finding(Kind.JOB_FAILED, 1, f"{JobKind.OPEN_TICKET} of #1")}
    assert not Kind.JOB_FAILED.bad
    world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    assert found(world) == {}


def test_every_kind_says_what_is_wrong_and_what_to_do() -> None:
    assert set(findings.SAYS) == set(findings.ADVICE) == set(Kind)
