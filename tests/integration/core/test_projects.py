"""Projects: where a report belongs, what is for some of them, and what goes with one that is removed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event, select, text
from sqlalchemy.exc import DBAPIError

from incidents import classification, leaving, lifecycle, policies, projects, stakeholders, tenants
from incidents.errors import IncidentError, NotFound
from incidents.match import Match
from incidents.models import Base, Call, Correction, Incident, Job, Page, ProjectRow, TimelineEntry
from incidents.policy import DEFAULT_POLICY
from incidents.reports import Report, open_incident
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.words import Severity, Source
from tests.integration.core.world import ANA, BEA, World, until_somebody_waits_for_a_lock

PAYMENTS: dict[str, Any] = {"name": "Payments", "description": "", "services": ["Checkout"], "channels": ["C0PAY"]}


@pytest.fixture
def payments(world: World) -> UUID:
    with world.store.begin() as tx:
        return projects.make(tx, **PAYMENTS).id


def in_project(world: World, incident: Incident) -> str:
    with world.store.begin() as tx:
        return projects.name_of(tx, tx.get(Incident, incident.id).project_id)


def over(world: World, **report: Any) -> Incident:
    """Reported and resolved, and nothing is owed any more."""
    incident = world.reported(**report)
    world.run_due()
    world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    world.run_due()
    assert world.waiting(incident) == set()
    return incident


def exported(world: World, id: UUID) -> list[dict[str, Any]]:
    with world.store.begin() as tx:
        return list(leaving.export(tx, tx.get(ProjectRow, id)))


def removed(world: World, id: UUID) -> None:
    with world.store.begin() as tx:
        leaving.remove(tx, tx.get(ProjectRow, id, lock=True))


def left(world: World) -> list[str]:
    with world.store.begin() as tx:
        return [row.name for row in projects.rows(tx)]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({}, "default"),
        ({"project": "Payments"}, "Payments"),
        ({"project": " pAyMeNtS "}, "Payments"),
        ({"service": "checkout "}, "Payments"),
        ({"origin_channel": "C0PAY"}, "Payments"),
        ({"origin_channel": "C0OTHER", "service": "search"}, "default"),
        ({"project": "default", "service": "checkout", "origin_channel": "C0PAY"}, "default"),
        ({"service": "search", "origin_channel": "C0PAY"}, "Payments"),
        ({"project": "Nobody's", "service": "checkout"}, "Payments"),
        ({"project": "x" * 5000}, "default"),
        ({"project": "\x00"}, "default"),
    ],
)
def test_a_report_belongs_to_what_it_names_else_to_its_service_else_to_its_channel(
    world: World, payments: UUID, said: dict[str, str], where: str
) -> None:
    incident = world.reported(**said)
    assert (in_project(world, incident), world.summary(incident).project) == (where, where)


def test_a_report_names_a_project_by_its_id_too(world: World, payments: UUID) -> None:
    assert in_project(world, world.reported(project=str(payments))) == "Payments"


def test_a_project_that_nobody_knows_loses_no_report_and_its_timeline_says_so(world: World, payments: UUID) -> None:
    def line(incident: Incident) -> dict[str, Any]:
        with world.store.begin() as tx:
            query = select(TimelineEntry).where(TimelineEntry.incident_id == incident.id)
            return tx.session.scalars(query).one().details

    strange, known = world.reported(project="Paymnets"), world.reported(project="Payments")
    assert in_project(world, strange) == "default"
    assert line(strange)["unknown_project"] == "Paymnets"
    assert "unknown_project" not in line(known)
    assert JobKind.PAGE in world.waiting(strange)


def test_a_report_asks_the_database_no_more_for_it(world: World, payments: UUID) -> None:
    """What is set, and the one statement that writes."""
    asked: list[str] = []
    engine = world.database.engines.statements

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement.split()[0])

    event.listen(engine, "before_cursor_execute", note)
    try:
        world.reported(project="Payments", service="checkout")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert asked == ["SELECT", "WITH"]


@pytest.mark.parametrize("unit", ["autocommit", "begin"])
def test_a_report_to_a_project_that_is_removed_at_this_moment_is_the_defaults(
    world: World, payments: UUID, unit: str
) -> None:
    exported(world, payments)
    with getattr(world.store, unit)() as tx:
        removed(world, payments)
        incident = open_incident(tx, Report("A", Source.API, ANA, project="Payments")).incident
    assert in_project(world, incident) == "default"
    assert world.told(incident) == ["opened"]


def test_each_organization_has_a_default_one_from_the_beginning(world: World) -> None:
    with world.database.begin() as session:
        other = tenants.make(session, name="Globex").id
    with world.database.store(other).begin() as tx:
        [row] = projects.rows(tx)
        assert (row.id, row.name) == (other, "default")
        with pytest.raises(NotFound):
            projects.find(tx, str(world.store.organization))


def test_names_services_and_channels_belong_to_one_project(world: World, payments: UUID) -> None:
    tries: Any = (
        {"name": "PAYMENTS"},
        {"name": "Default"},
        {"name": str(payments)},
        {"services": ["CHECKOUT "]},
        {"channels": ["C0PAY"]},
    )
    for taken in tries:
        with world.store.begin() as tx, pytest.raises(IncidentError, match=r"already|belongs to"):
            projects.make(tx, **{"name": "Other", "description": "", "services": [], "channels": [], **taken})
    with world.store.begin() as tx:
        row = projects.row(tx, "payments", lock=True)
        projects.change(tx, row, name="payments", services=["checkout", "cart"])
        with pytest.raises(IncidentError, match="keeps its name"):
            projects.change(tx, projects.row(tx, "default"), name="main")
    assert left(world) == ["default", "payments"]


def test_policies_and_stakeholders_are_for_projects_whatever_they_are_called(world: World, payments: UUID) -> None:
    match = Match(projects=[str(payments)])
    definition = {**DEFAULT_POLICY, "pages": ["LOW", "MEDIUM", "HIGH"]}
    with world.store.begin() as tx:
        policies.make(tx, name="Money", match=match, definition=definition, place=None)
        stakeholders.make(tx, name="Finance", channel="C0FIN", slack_user=None, match=match)
        projects.change(tx, projects.row(tx, "Payments"), name="Money matters")
    incident = world.reported(project="Money matters", severity=Severity.LOW)
    other = world.reported(severity=Severity.LOW)
    world.run_due()
    assert [world.fresh(each).policy.get("name") for each in (incident, other)] == ["Money", "default"]
    assert [bool(world.jobs(each, JobKind.TELL_STAKEHOLDER)) for each in (incident, other)] == [True, False]
    world.act(incident, lambda tx, row: classification.correct(tx, row, "network", by=BEA, via="api"))
    assert world.fresh(incident).policy["name"] == "Money"


def test_nothing_is_for_a_project_that_was_removed_meanwhile(world: World, payments: UUID) -> None:
    exported(world, payments)
    removed(world, payments)
    with world.store.begin() as tx, pytest.raises(NotFound):
        policies.make(tx, name="Money", match=Match(projects=[str(payments)]), definition=DEFAULT_POLICY, place=None)


def test_the_export_is_the_projects_rows_and_no_others(world: World, payments: UUID) -> None:
    mine, other = over(world, project="Payments", severity=Severity.HIGH), over(world, severity=Severity.HIGH)
    lines = exported(world, payments)
    assert lines[0]["table"] == "projects"
    tables = [line["table"] for line in lines]
    assert {"incidents", "jobs", "attempts", "calls", "pages", "timeline"} <= set(tables)
    assert tables.index("incidents") < tables.index("jobs") < tables.index("attempts")
    assert (str(mine.id) in str(lines), str(other.id) in str(lines)) == (True, False)
    assert not any("token" in line["row"] for line in lines if line["table"] == "calls")


def test_each_table_that_hangs_on_incidents_goes_with_them() -> None:
    """A new one that does not fails here."""
    hanging, its = {"incidents"}, leaving._rows(leaving._of(ProjectRow()))
    for table in Base.metadata.sorted_tables:
        if any(key.column.table.name in hanging for key in table.foreign_keys):
            hanging.add(table.name)
    assert {table.name for table, _ in its} == hanging


def test_it_is_removed_with_its_incidents_and_nothing_else(world: World, payments: UUID) -> None:
    gone = over(world, project="Payments", severity=Severity.HIGH)
    stays = over(world, severity=Severity.HIGH)
    world.act(gone, lambda tx, row: classification.correct(tx, row, "network", by=BEA, via="api"))
    world.run_due()
    before = world.told(stays), len(world.jobs(stays)), len(world.calls(stays))
    exported(world, payments)
    removed(world, payments)
    assert left(world) == ["default"]
    assert (world.told(stays), len(world.jobs(stays)), len(world.calls(stays))) == before
    with world.store.begin() as tx:
        for table in (Job, TimelineEntry, Call, Page, Correction):
            assert tx.session.scalars(select(table).where(table.incident_id == gone.id)).all() == []


def test_a_call_that_told_of_another_projects_incident_too_stays_with_that_one(world: World, payments: UUID) -> None:
    world.hold()
    first = world.reported(project="Payments", severity=Severity.HIGH)
    world.run_due()
    [call] = world.phone.placed
    call.status = "in-progress"
    second = world.reported(severity=Severity.HIGH)
    world.run_due()
    assert [page.call_id for page in world.pages(second)] == [page.call_id for page in world.pages(first)]
    world.nobody_talks()
    for incident in (first, second):
        world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    world.run_due()
    exported(world, payments)
    removed(world, payments)
    [kept] = world.calls(second)
    assert [page.call_id for page in world.pages(second)] == [kept.id]
    assert kept.job_id == world.pages(second)[0].job_id


def no_export(_: World, __: UUID) -> None:
    """Nobody has."""


def reported_since(world: World, id: UUID) -> None:
    exported(world, id)
    over(world, project=str(id))


def still_open(world: World, id: UUID) -> None:
    incident = world.reported(project=str(id))
    world.run_due()
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.run_due()
    exported(world, id)


def owes(world: World, id: UUID) -> None:
    incident = over(world, project=str(id))
    exported(world, id)
    world.act(incident, lambda tx, row: classification.correct(tx, row, "network", by=BEA, via="api"))


def has_a_policy(world: World, id: UUID) -> None:
    with world.store.begin() as tx:
        policies.make(tx, name="Money", match=Match(projects=[str(id)]), definition=DEFAULT_POLICY, place=None)
    exported(world, id)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (no_export, "Export it first"),
        (reported_since, "since its export"),
        (still_open, "not over"),
        (owes, "still owe"),
        (has_a_policy, "policy 'Money'"),
    ],
)
def test_it_is_not_removed(world: World, payments: UUID, state: Callable[[World, UUID], None], says: str) -> None:
    state(world, payments)
    with pytest.raises(IncidentError, match=says):
        removed(world, payments)
    assert left(world) == ["default", "Payments"]


def test_the_default_one_stays(world: World) -> None:
    exported(world, world.store.organization)
    with pytest.raises(IncidentError, match="stays"):
        removed(world, world.store.organization)


def test_a_report_that_is_on_its_way_keeps_the_project(world: World, payments: UUID) -> None:
    """It waits for nobody, and is seen though its commit comes after everything else was looked at."""
    over(world, project="Payments")
    exported(world, payments)
    with ThreadPoolExecutor(1) as pool:
        with world.store.begin() as tx:
            incident = open_incident(tx, Report("On its way", Source.API, ANA, project="Payments")).incident
            removing = pool.submit(removed, world, payments)
            until_somebody_waits_for_a_lock(world.database)
        with pytest.raises(IncidentError, match="at this moment"):
            removing.result()
    assert in_project(world, incident) == "Payments"
    assert left(world) == ["default", "Payments"]


def test_two_who_remove_it_at_once_remove_it_once(world: World, payments: UUID) -> None:
    exported(world, payments)
    with ThreadPoolExecutor(1) as pool:
        with world.store.begin() as tx:
            leaving.remove(tx, projects.row(tx, "Payments", lock=True))
            other = pool.submit(_found_and_removed, world)
            until_somebody_waits_for_a_lock(world.database)
        with pytest.raises(NotFound):
            other.result()


def _found_and_removed(world: World) -> None:
    with world.store.begin() as tx:
        leaving.remove(tx, projects.row(tx, "Payments", lock=True))


def test_only_timelines_of_the_project_that_is_removed_may_go(world: World, payments: UUID) -> None:
    world.reported(project="Payments")
    other = world.reported()

    def timelines_go(tx: Transaction, whose: Incident | None) -> None:
        tx.session.execute(text("SELECT set_config('tocsin.removed_project', :id, true)"), {"id": str(payments)})
        gone = delete(TimelineEntry)
        tx.session.execute(gone if whose is None else gone.where(TimelineEntry.incident_id == whose.id))

    for whose in (other, None):
        with world.store.begin() as tx, pytest.raises(DBAPIError, match="only ever written"):
            timelines_go(tx, whose)
        assert world.told(other) == ["opened"]
