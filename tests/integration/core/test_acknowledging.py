"""Taking an incident, passing it on, ending it: who was first, and what becomes of the calls."""

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents import calls, claims, lifecycle, names, pages, turns
from incidents.claims import ClaimLost
from incidents.errors import IncidentError
from incidents.models import Call, Incident
from incidents.people import Actor
from incidents.policy import Policy
from incidents.roles import Role
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.words import Severity, Status
from tasks import placing
from tasks.kinds import page
from tasks.work import Work
from tests.integration.core.world import ANA, BEA, CY, World, in_parallel


def acknowledge(world: World, incident: Incident, by: Actor = BEA) -> lifecycle.Taken:
    return world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=by))


def test_acknowledging_ends_paging_and_says_who(world: World) -> None:
    incident = world.reported()
    taken = acknowledge(world, incident)
    assert taken.by_you
    assert world.fresh(incident).status is Status.ACKNOWLEDGED
    assert world.job(incident, JobKind.PAGE).outcome == "cancelled"
    assert world.summary(incident).page == "acknowledged by Bea"
    world.pass_time(3600)
    assert world.phone.placed == []


def test_of_twelve_who_acknowledge_at_once_one_is_first(world: World) -> None:
    incident = world.reported()
    people = [Actor(f"P{n}", via="slack", slack_user=f"U{n}", role=Role.RESPONDER) for n in range(12)]
    answers = in_parallel(lambda n: acknowledge(world, incident, people[n]), threads=12)
    assert sum(answer.by_you for answer in answers) == 1
    assert len({answer.by for answer in answers}) == 1
    assert world.told(incident).count("acknowledged") == 1


def test_one_who_saw_the_incident_before_locking_it_sees_it_as_it_is_then(world: World) -> None:
    """A door finds the incident first and locks it then; in between somebody else may have acknowledged."""
    incident = world.reported()

    def one(number: int) -> bool:
        by = Actor(f"P{number}", via="slack", slack_user=f"U{number}", role=Role.RESPONDER)
        with world.store.begin() as tx:
            seen = names.find(tx, "1")
            return lifecycle.acknowledge(tx, tx.get(Incident, seen.id, lock=True), by=by).by_you

    assert sum(in_parallel(one, threads=12)) == 1
    assert world.told(incident).count("acknowledged") == 1


def test_the_same_person_again_has_it_still(world: World) -> None:
    incident = world.reported()
    first = acknowledge(world, incident)
    world.hold()
    world.jump(60)
    again = acknowledge(world, incident)
    assert (again.by_you, again.at) == (True, first.at)
    assert acknowledge(world, incident, CY).by_you is False


def test_acknowledging_ends_the_calls_that_ring_but_not_the_one_in_which_the_key_was_pressed(world: World) -> None:
    incident = world.triaged(Severity.HIGH)
    world.pass_time(120)
    ringing, spoken = world.calls(incident)[0], world.calls(incident)[-1]

    def press(tx: Transaction, row: Incident) -> None:
        lifecycle.acknowledge(tx, row, by=CY, call=tx.get(Call, spoken.id))

    world.act(incident, press)
    world.run_due()
    ended = {call.sid for call in world.phone.placed if call.status == "completed"}
    assert ringing.sid in ended
    assert spoken.sid not in ended


@pytest.mark.parametrize("acknowledged", [True, False])
def test_a_worker_that_stood_still_before_it_called_looks_once_more(world: World, acknowledged: bool) -> None:
    """Found by a schedule: it was stopped for five seconds between writing the call down and placing it."""
    incident = world.reported(severity=Severity.HIGH)
    with world.database.begin() as session:
        claim = claims.take(session, world.job(incident, JobKind.PAGE).id)
    assert claim is not None
    work = Work(claim, world.store, world.providers, world.settings)
    planned = page._plan(work)
    assert planned is not None
    late = replace(planned, held=replace(planned.held, begun=planned.held.begun - 5))
    if not acknowledged:
        placing.place(work, late)
        assert len(world.phone.placed) == 1
        return
    acknowledge(world, incident)
    with pytest.raises(ClaimLost):
        placing.place(work, late)
    assert world.phone.placed == []


def test_a_call_placed_while_somebody_acknowledged_is_ended(world: World) -> None:
    incident = world.reported(severity=Severity.HIGH)
    place = world.phone.call

    def acknowledged_meanwhile(**to: object) -> str:
        acknowledge(world, incident)
        return place(**to)  # type: ignore[arg-type]  # It is passed on as it came.

    world.phone.call = acknowledged_meanwhile  # type: ignore[method-assign]  # The world moves on during the call.
    world.run_due()
    assert [call.status for call in world.phone.placed] == ["completed"]


@pytest.mark.parametrize("run", [None, pages.OUTSIDE_THE_LADDER], ids=["of the ladder", "asked for by hand"])
def test_a_call_whose_worker_died_while_somebody_acknowledged_is_ended_when_it_shows_itself(
    world: World, run: int | None
) -> None:
    incident = world.reported(severity=Severity.HIGH)
    with world.store.begin() as tx:
        row = tx.get(Incident, incident.id, lock=True)
        job = world.job(incident, JobKind.PAGE)
        responder = turns.responder_of(tx, Policy.of(row.policy), 0, turns.when(tx, row.severity))
        assert responder is not None
        claim = claims.take(tx.session, job.id)
        assert claim is not None
        call = calls.plan(tx, row, claim, responder, rung=0, run=run)
    sid = world.phone.call(to=call.to, twiml="", status_url="", ring_for=timedelta(seconds=25))
    acknowledge(world, incident)
    world.act(
        incident,
        lambda tx, row: calls.heard(tx, row, tx.get(Call, call.id, lock=True), sid=sid, status="ringing", sequence=1),
    )
    world.run_due()
    assert [call.status for call in world.phone.placed] == ["completed"]


def test_a_page_is_not_made_for_an_incident_that_was_acknowledged_before_it_was_planned(world: World) -> None:
    incident = world.reported(severity=Severity.HIGH)
    job = world.job(incident, JobKind.PAGE)
    acknowledge(world, incident)
    assert world.run(job) is False
    assert world.phone.placed == []


def test_a_page_in_a_workers_hands_is_not_made_once_somebody_has_acknowledged(world: World) -> None:
    incident = world.reported(severity=Severity.HIGH)
    with world.database.begin() as session:
        claim = claims.take(session, world.job(incident, JobKind.PAGE).id)
    assert claim is not None
    acknowledge(world, incident)
    with pytest.raises(ClaimLost):
        page.page(Work(claim, world.store, world.providers, world.settings))
    assert world.phone.placed == []


def test_what_is_over_cannot_be_acknowledged_or_escalated(world: World) -> None:
    incident = world.reported()
    assert world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA, how="restarted"))
    assert not world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=CY))
    with pytest.raises(IncidentError, match="resolved already"):
        acknowledge(world, incident)
    with pytest.raises(IncidentError, match="resolved already"):
        world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=BEA))


def test_reopening_pages_anew_by_the_severity(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    world.run_due()
    world.nobody_talks()
    calls_before = len(world.phone.placed)
    world.act(incident, lambda tx, row: lifecycle.reopen(tx, row, by=ANA, reason="it is back"))
    world.run_due()
    assert world.fresh(incident).status is Status.OPEN
    assert world.fresh(incident).acknowledged_by is None
    assert len(world.phone.placed) == calls_before + 1
    with pytest.raises(IncidentError, match="only a resolved incident"):
        world.act(incident, lambda tx, row: lifecycle.reopen(tx, row, by=ANA, reason="again"))


def test_reopening_what_does_not_page_calls_nobody(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.LOW)
    world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA))
    world.act(incident, lambda tx, row: lifecycle.reopen(tx, row, by=ANA, reason="it is back"))
    world.pass_time(3600)
    assert world.phone.placed == []
    assert world.summary(incident).page == "none"


def test_everybody_who_does_something_at_once_waits_for_nobody_for_ever(world: World) -> None:
    """Reports, acknowledgements, escalations and workers in all orders: no deadlock, no lost number."""
    known = [world.reported(f"Known {n}", severity=Severity.HIGH) for n in range(4)]

    def one(number: int) -> None:
        incident = known[number % 4]
        match number % 5:
            case 0:
                world.reported(f"New {number}")
            case 1:
                acknowledge(world, incident)
            case 2:
                world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=ANA))
            case 3:
                for job in world.jobs(incident):
                    world.run(job)
            case 4:
                world.act(incident, lambda tx, row: lifecycle.note(tx, row, "look", key=str(number)))

    in_parallel(one, threads=24)
    assert world.reported().number == 4 + 5 + 1
