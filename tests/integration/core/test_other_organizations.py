"""Another organization's incidents call its own people, and never reach the first one's Slack and Jira."""

import pytest

from incidents import people, tenants
from incidents.models import Incident, Job
from incidents.people import Contact
from incidents.reports import Report, open_incident
from incidents.store import Store
from incidents.words import Severity, Source
from tests.integration.core.world import ANA, World

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
