"""Which policy an incident is paged by: chosen when it opens, and again when more is known and nobody was called."""

from datetime import timedelta
from typing import Any

import pytest

from incidents import classification, lifecycle, people, policies
from incidents.errors import TemporaryError
from incidents.match import Match
from incidents.models import Incident
from incidents.policy import DEFAULT_POLICY
from incidents.terms import JobKind
from incidents.words import Severity
from tests.core_fakes import judged
from tests.integration.core.world import ANA, World

BEA, CY = "+12025550111", "+12025550112"


@pytest.fixture
def world(world: World) -> World:
    """What is about the database calls Cy, a minute after it was opened; the rest calls Bea."""
    world.hold()
    made(world, "Database", Match(categories=["database"]), page_anyway_after=60)
    return world


def made(world: World, name: str, match: Match, **more: Any) -> None:
    with world.store.begin() as tx:
        cy = people.named(tx, "Cy")
        step = {"to": {"person": str(cy.id)}, "calls": 2, "every": 60, "wait": 120}
        policies.make(tx, name=name, match=match, definition={**DEFAULT_POLICY, "steps": [step], **more}, place=None)


def triaged(world: World, severity: Severity, category: str, **reported: Any) -> Incident:
    world.triager.verdict = judged(severity=severity, category=category)
    incident = world.reported(**reported)
    world.run_due()
    return world.fresh(incident)


def called(world: World) -> list[str]:
    return [call.to for call in world.phone.placed]


def chosen(world: World, incident: Incident) -> str:
    name: str = world.fresh(incident).policy["name"]
    return name


def test_triage_finds_out_what_it_is_about_and_the_right_person_is_called(world: World) -> None:
    incident = triaged(world, Severity.HIGH, "database")
    assert called(world) == [CY]
    assert chosen(world, incident) == "Database"
    assert "policy_chosen" in world.told(incident)


def test_its_own_patience_counts_from_the_report(world: World) -> None:
    triaged(world, Severity.MEDIUM, "database")
    world.pass_time(59)
    assert called(world) == []
    world.pass_time(1)
    assert called(world) == [CY]


def test_who_was_called_first_goes_on_being_called(world: World) -> None:
    """The report said HIGH, so somebody was called before triage spoke."""
    incident = world.reported(severity=Severity.HIGH)
    world.run(world.job(incident, JobKind.PAGE))
    world.triager.verdict = judged(severity=Severity.HIGH, category="database")
    world.run_due()
    assert (chosen(world, incident), called(world)) == ("default", [BEA])


def test_a_correction_chooses_again_until_somebody_is_called(world: World) -> None:
    incident = triaged(world, Severity.MEDIUM, "network")
    assert chosen(world, incident) == "default"
    world.act(incident, lambda tx, row: classification.correct(tx, row, "database", by=ANA, via="api"))
    assert chosen(world, incident) == "Database"
    world.act(incident, lambda tx, row: classification.undo_correction(tx, row, "database", by=ANA, via="api"))
    assert chosen(world, incident) == "default"
    world.pass_time(30)
    assert called(world) == [BEA]
    world.act(incident, lambda tx, row: classification.correct(tx, row, "database", by=ANA, via="api"))
    assert chosen(world, incident) == "default"


def test_who_says_that_it_is_bad_has_the_policy_for_that(world: World) -> None:
    made(world, "Bad", Match(severities=["HIGH"]))
    incident = triaged(world, Severity.MEDIUM, "network")
    world.act(incident, lambda tx, row: lifecycle.severity_reported(tx, row, Severity.HIGH))
    world.run_due()
    assert (chosen(world, incident), called(world)) == ("Bad", [CY])


def test_a_service_is_known_at_once(world: World) -> None:
    made(world, "Checkout", Match(services=["checkout"]))
    incident = world.reported(severity=Severity.HIGH, service=" CheckOut ")
    world.run(world.job(incident, JobKind.PAGE))
    assert (chosen(world, incident), called(world)) == ("Checkout", [CY])


def test_a_policy_that_does_not_page_it_ends_the_paging_that_was_owed(world: World) -> None:
    made(world, "Quiet", Match(categories=["network"]), pages=["HIGH"])
    incident = triaged(world, Severity.MEDIUM, "network")
    world.pass_time(600)
    assert called(world) == []
    world.act(incident, lambda tx, row: classification.correct(tx, row, "storage", by=ANA, via="api"))
    world.pass_time(600)
    assert called(world)[0] == BEA


def test_what_was_escalated_by_a_person_stays_with_its_policy(world: World) -> None:
    incident = triaged(world, Severity.MEDIUM, "network")
    world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
    world.act(incident, lambda tx, row: classification.correct(tx, row, "database", by=ANA, via="api"))
    assert chosen(world, incident) == "default"


def test_asked_for_patience_by_the_provider_the_ladder_that_was_begun_goes_on(world: World) -> None:
    """The call was planned, and its page may come to be at any moment."""
    world.phone.fail(TemporaryError("429", retry_after=timedelta(seconds=5), happened=False), method="call")
    incident = world.reported(severity=Severity.HIGH)
    world.run(world.job(incident, JobKind.PAGE))
    world.triager.verdict = judged(severity=Severity.HIGH, category="database")
    world.run_due()
    world.pass_time(5)
    assert (chosen(world, incident), called(world)) == ("default", [BEA])


def test_a_policy_that_had_nobody_gives_way_to_one_that_has(world: World) -> None:
    """A new organization's list is empty; what is about the database has somebody."""
    with world.store.begin() as tx:
        people.put_on_call(tx, [])
    incident = world.reported(severity=Severity.HIGH)
    world.run(world.job(incident, JobKind.PAGE))
    assert called(world) == []
    world.triager.verdict = judged(severity=Severity.HIGH, category="database")
    world.run_due()
    assert (chosen(world, incident), called(world)) == ("Database", [CY])


def test_a_policy_that_was_changed_meanwhile_stays_as_it_was_when_the_incident_opened(world: World) -> None:
    incident = world.reported()
    with world.store.begin() as tx:
        cy = people.named(tx, "Cy")
        step = {"to": {"person": str(cy.id)}, "calls": 1, "every": 60, "wait": 120}
        policies.change_default(tx, {**DEFAULT_POLICY, "steps": [step]})
    world.triager.verdict = judged(severity=Severity.HIGH, category="network")
    world.run_due()
    assert called(world) == [BEA]
    assert "policy_chosen" not in world.told(incident)
