"""Another organization's incidents call its own people, and never reach the first one's Slack and Jira."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from incidents import lifecycle, organizations, people, tenants, verifying
from incidents.errors import IncidentError, TemporaryError
from incidents.models import Incident, Job, Member, Organization
from incidents.people import Contact
from incidents.policy import DEFAULT_POLICY
from incidents.ports import Lesson
from incidents.reports import Report, open_incident
from incidents.store import Store
from incidents.terms import JobKind
from incidents.words import Severity, Source
from tests.core_fakes import FakeMemory
from tests.integration.core.world import ANA, BEA, World, until_somebody_waits_for_a_lock

HAL = "+12025550188"


@pytest.fixture
def other(world: World) -> Store:
    with world.database.begin() as session:
        id = tenants.make(session, name="Globex").id
    store = world.database.store(id)
    with store.begin() as tx:
        people.put_on_call(tx, [Contact("Hal", HAL, "U0HAL")])
    return store


def reported(store: Store) -> Incident:
    with store.autocommit() as tx:
        return open_incident(tx, Report("Theirs", Source.API, ANA, severity=Severity.HIGH)).incident


def test_its_people_are_called_and_nobody_elses_slack_and_jira_hear_of_it(world: World, other: Store) -> None:
    incident = reported(other)
    world.run_due()
    assert [call.to for call in world.phone.placed] == [HAL]
    assert (world.chat.posts, world.chat.channels, world.tickets.tickets) == ([], {}, {})
    with other.begin() as tx:
        row = tx.get(Incident, incident.id)
        assert (row.channel_id, row.ticket_key) == (None, None)
        owed = tx.session.scalars(tx.select(Job).where(Job.done_at.is_(None), Job.attempts > 3)).all()
        assert [job.kind for job in owed] == []


def test_its_people_are_written_to_and_nobody_elses(world: World, other: Store) -> None:
    step = {"calls": 1, "every": 60, "wait": 120, "also": [{"by": "email", "after": 0}]}
    with other.begin() as tx:
        organizations.own(tx).policy = {**DEFAULT_POLICY, "steps": [step]}
        hal = tx.get(Member, people.named(tx, "Hal").id)
        hal.email, hal.email_verified_at = "hal@example.com", tx.now
    reported(other)
    world.run_due()
    assert [letter.to for letter in world.mail.letters] == ["hal@example.com"]


def test_the_first_one_stays_the_first(world: World, other: Store) -> None:
    with world.database.begin() as session:
        assert [each.id for each in tenants.all_of(session)] == [world.store.organization, other.organization]
    assert world.database.is_first(world.store.organization)
    assert not world.database.is_first(other.organization)


def test_each_numbers_and_remembers_its_own(world: World, other: Store) -> None:
    assert [reported(other).number, world.reported().number, reported(other).number] == [1, 1, 2]


def test_the_sandbox_has_a_second_one_and_no_third(world: World) -> None:
    for _ in range(2):
        with world.database.begin() as session:
            tenants.second(session)
    with world.database.begin() as session:
        [first, globex] = tenants.all_of(session)
    assert (first.id, globex.name) == (world.store.organization, "globex")
    reported(world.database.store(globex.id))
    world.run_due()
    assert [call.to for call in world.phone.placed] == [tenants.GIL]


def test_another_organizations_call_to_the_same_number_is_not_taken_for_ours(world: World, other: Store) -> None:
    """The provider tells number and time only; both call from one number of the product."""
    with other.begin() as tx:
        people.put_on_call(tx, [Contact("Bea too", BEA.phone, "U0BEA")])
    world.phone.fail(TemporaryError("timeout"), method="call")  # Nobody knows whether this one happened. It did not.
    ours = world.reported(severity=Severity.HIGH)
    world.run(world.job(ours, JobKind.PAGE))
    reported(other)
    world.run_due()
    [theirs] = world.phone.placed
    world.leases_lapse()
    world.jump(30)
    world.run_due()
    assert len(world.phone.placed) == 2
    [mine] = [call for call in world.calls(ours) if call.sid is not None]
    assert mine.sid != theirs.sid


def test_what_was_accepted_while_the_export_ran_keeps_the_organization(world: World, other: Store) -> None:
    """Its number was given before the export, and its commit came after."""
    with other.autocommit() as tx:
        first = open_incident(tx, Report("First", Source.API, ANA)).incident
    with world.database.begin() as session:
        row = tenants.find(session, "Globex")
        lines = list(tenants.export(session, row))
    assert [line["row"]["number"] for line in lines if line["table"] == "incidents"] == [first.number]
    reported(other)
    with world.database.begin() as session:
        session.execute(text("UPDATE incidents SET number = 0 WHERE title = 'Theirs'"))  # As if it had begun before.
    with world.database.begin() as session, pytest.raises(IncidentError, match="since its export"):
        tenants.remove(session, tenants.find(session, "Globex"))


def test_removal_waits_for_a_report_that_is_on_its_way(world: World, other: Store) -> None:
    with world.database.begin() as session:
        list(tenants.export(session, tenants.find(session, "Globex")))
    with ThreadPoolExecutor(1) as pool:
        with other.begin() as tx:
            open_incident(tx, Report("On its way", Source.API, ANA))
            removing = pool.submit(_remove, world)
            until_somebody_waits_for_a_lock(world.database)
        with pytest.raises(IncidentError, match="since its export"):
            removing.result()
    with other.begin() as tx:
        assert len(tx.session.scalars(tx.select(Incident)).all()) == 1


def _remove(world: World) -> None:
    with world.database.begin() as session:
        tenants.remove(session, tenants.find(session, "Globex"))


@pytest.mark.parametrize("sends", ["a code", "a test call"])
def test_a_call_that_may_be_another_organizations_code_is_not_taken_for_ours(
    world: World, other: Store, sends: str
) -> None:
    """Of codes and test calls the provider's list tells number and time, and we keep no id."""
    with other.begin() as tx:
        people.put_on_call(tx, [Contact("Bea too", BEA.phone, "U0BEA")])
    world.phone.fail(TemporaryError("timeout"), method="call")  # Nobody knows whether this one happened. It did not.
    ours = world.reported(severity=Severity.HIGH)
    world.run(world.job(ours, JobKind.PAGE))
    with other.begin() as tx:
        person = people.named(tx, "Bea too")
        if sends == "a code":
            verifying.begin(tx, person, verifying.Channel.CALL, own=[])
        else:
            verifying.begin_test(tx, person, verifying.Channel.CALL, own=[])
    theirs = world.phone.call(to=BEA.phone or "", twiml="<Response/>", ring_for=timedelta(seconds=25))
    world.leases_lapse()
    world.jump(30)
    world.run_due()
    assert theirs not in {call.sid for call in world.calls(ours)}


class LateMemory(FakeMemory):
    """Something happens between the question and what is remembered."""

    def __init__(self, before: Callable[[], None]) -> None:
        super().__init__()
        self._before = before

    def remember(self, organization: UUID, lessons: Sequence[Lesson]) -> None:
        self._before()
        super().remember(organization, lessons)


def test_what_is_learned_while_the_organization_is_removed_is_dropped_with_it(world: World, other: Store) -> None:
    incident = reported(other)
    with other.begin() as tx:
        lifecycle.resolve(tx, tx.get(Incident, incident.id, lock=True), by=ANA, how="restarted")
        row = tx.get(Incident, incident.id)
        row.category = "database"

    def removed() -> None:
        with world.database.begin() as session:
            organization = session.get_one(Organization, other.organization)
            assert list(tenants.export(session, organization))
            tenants.remove(session, organization)
        memory.drop(other.organization)

    memory = world.providers.memory = LateMemory(removed)
    [learn] = [job for job in jobs_of(other) if job.kind == JobKind.LEARN]
    assert world.run(learn)
    assert memory.lessons == {}


def jobs_of(store: Store) -> Sequence[Job]:
    with store.begin() as tx:
        return tx.session.scalars(tx.select(Job).where(Job.done_at.is_(None))).all()
