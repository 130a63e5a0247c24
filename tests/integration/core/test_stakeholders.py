"""Who wants to know is told when such an incident opens, is taken, is over or is not; once each, and never paged."""

from functools import partial

import pytest

from incidents import classification, lifecycle, stakeholders
from incidents.errors import IncidentError, NotFound, PermanentError
from incidents.match import Match
from incidents.models import Incident
from incidents.terms import JobKind
from incidents.words import Severity
from tests.core_fakes import judged
from tests.integration.core.world import ANA, BEA, World

SUPPORT = "C0SUPPORT"


def wants(world: World, match: Match, *, name: str = "Support", slack_user: str | None = None) -> None:
    with world.store.begin() as tx:
        stakeholders.make(tx, name=name, channel=SUPPORT, slack_user=slack_user, match=match)


def triaged(world: World, severity: Severity, category: str) -> Incident:
    world.triager.verdict = judged(severity=severity, category=category)
    incident = world.reported()
    world.run_due()
    return world.fresh(incident)


def told(world: World) -> list[str]:
    return [post.message.text for post in world.chat.posts if post.channel == SUPPORT]


def test_from_its_opening_to_its_end(world: World) -> None:
    wants(world, Match(categories=["database"]), slack_user="U0EVE")
    incident = triaged(world, Severity.LOW, "database")
    number = incident.number
    for act in (
        lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA),
        lambda tx, row: lifecycle.resolve(tx, row, by=BEA),
        lambda tx, row: lifecycle.reopen(tx, row, by=ANA, reason="again"),
        lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA),
    ):
        world.act(incident, act)
        world.run_due()
    begins = f"<@U0EVE> LOW · #{number} · Checkout returns 502 (database) "
    assert told(world)[0].startswith(begins + "was opened")
    assert told(world)[1:] == [
        f"{begins}was taken by Bea: somebody is at it.",
        f"{begins}was resolved by Bea.",
        f"{begins}is open again by Ana.",
        f"{begins}was taken by Bea: somebody is at it.",
    ]


def test_what_does_not_concern_them_is_not_told(world: World) -> None:
    wants(world, Match(categories=["database"], severities=["HIGH"]))
    incident = triaged(world, Severity.HIGH, "network")
    world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    triaged(world, Severity.LOW, "database")
    assert told(world) == []


def test_whom_it_concerns_only_now_is_told_of_its_opening_once(world: World) -> None:
    wants(world, Match(categories=["database"]))
    wants(world, Match(severities=["HIGH"]), name="Management")
    incident = triaged(world, Severity.LOW, "network")
    for category in ("database", "network", "database"):
        world.act(incident, partial(classification.correct, category=category, by=ANA, via="api"))
        world.run_due()
    assert len(told(world)) == 1
    world.act(incident, lambda tx, row: lifecycle.severity_reported(tx, row, Severity.HIGH))
    world.run_due()
    assert [text.startswith("HIGH") for text in told(world)] == [False, True]


def test_a_channel_that_is_gone_keeps_nothing_else_from_happening(world: World) -> None:
    wants(world, Match())
    world.triager.verdict = judged(severity=Severity.LOW)
    incident = world.reported()
    world.run(world.job(incident, JobKind.TRIAGE))
    world.chat.fail(PermanentError("channel_not_found"), method="post")
    world.run(world.job(incident, JobKind.TELL_STAKEHOLDER))
    world.run_due()
    assert world.job(incident, JobKind.TELL_STAKEHOLDER).outcome == "failed"
    assert any("TELL_STAKEHOLDER failed and needs a person: channel_not_found" in note for note in world.notes())


def test_who_was_removed_is_told_no_more(world: World) -> None:
    wants(world, Match())
    with world.store.begin() as tx:
        assert stakeholders.remove(tx, "Support") == []
    triaged(world, Severity.LOW, "database")
    assert told(world) == []
    with world.store.begin() as tx, pytest.raises(NotFound, match="no stakeholder 'Support'"):
        stakeholders.remove(tx, "Support")


def test_names_are_told_apart_and_categories_known(world: World) -> None:
    wants(world, Match())
    with pytest.raises(IncidentError, match="is a stakeholder 'SUPPORT' already"):
        wants(world, Match(), name="SUPPORT")
    with pytest.raises(IncidentError, match="no category 'nonsense'"):
        wants(world, Match(categories=["nonsense"]), name="Other")
