"""Row-level security stands behind the queries: one that forgets its organization finds nothing of the others'."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError

from incidents import members
from incidents.models import Base, Incident, Job, Member, Organization, TimelineEntry
from incidents.people import Contact
from incidents.policy import DEFAULT_POLICY
from incidents.reports import Report, open_incident
from incidents.roles import Role
from incidents.store import Store
from incidents.words import CATEGORIES, Source
from tests.integration.core.world import ANA, World

EVERYBODYS = {"admin_notices", "audit", "heartbeats", "lateness", "model_states"}
"""What the product keeps about itself."""


@pytest.fixture
def other(world: World) -> Store:
    """Another organization, with a member and an incident, beside the first one's."""
    world.reported("Ours")
    with world.database.begin() as session:
        row = Organization(
            name="other", categories=list(CATEGORIES), policy=DEFAULT_POLICY, created_at=datetime.now(UTC)
        )
        session.add(row)
        session.flush()
        id = row.id
    store = world.database.store(id)
    with store.begin() as tx:
        members.invite(tx, Contact("Hal", "+12025550188"), role=Role.ADMIN)
    with store.autocommit() as tx:
        open_incident(tx, Report("Theirs", Source.API, ANA))
    return store


def test_every_table_with_an_organization_is_guarded(world: World) -> None:
    """A new table that is not fails here."""
    query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
    with world.database.begin() as session:
        guarded = set(session.scalars(text(query)))
    assert guarded == set(Base.metadata.tables) - EVERYBODYS
    assert {name for name, table in Base.metadata.tables.items() if "organization_id" in table.c} < guarded


@pytest.mark.parametrize("table", [Incident, Job, TimelineEntry, Member, Organization], ids=lambda each: each.__name__)
@pytest.mark.parametrize("way", ["begin", "autocommit"])
def test_a_query_that_forgets_its_organization(world: World, other: Store, table: type[Base], way: str) -> None:
    """Over the same connections, by turns: nothing of the one before is left."""
    for store in (other, world.store, other):
        beginning: Callable[..., object] = getattr(store, way)
        with beginning() as tx:  # type: ignore[attr-defined]
            found = tx.session.scalars(select(table)).all()
        assert found
        assert {_whose(row) for row in found} == {store.organization}


def test_what_changes_rows_reaches_nobody_elses(world: World, other: Store) -> None:
    with other.begin() as tx:
        tx.session.execute(update(Incident).values(title="changed"))
        assert tx.session.execute(text("DELETE FROM members")).rowcount == 1  # type: ignore[attr-defined]
    with world.store.begin() as tx:
        assert set(tx.session.scalars(select(Incident.title))) == {"Ours"}
        assert len(tx.session.scalars(select(Member)).all()) == 2


def test_nobody_writes_into_another_organization(world: World, other: Store) -> None:
    spy = Member(id=uuid4(), organization_id=world.store.organization, name="Spy", role=Role.ADMIN)
    with other.begin() as tx:
        tx.session.add(spy)
        with pytest.raises(ProgrammingError, match="row-level security"):
            tx.session.flush()
        tx.session.rollback()


def test_who_does_not_say_whose_sees_nothing(world: World, other: Store) -> None:
    engines = world.database.engines
    with other.begin():
        pass
    with engines.transactions.connect() as connection:
        assert connection.execute(select(Incident.id)).all() == []
        assert connection.execute(select(Organization.id)).all() == []


def test_all_are_seen_by_the_sweep_and_the_workers_alone(world: World, other: Store) -> None:
    with world.database.begin() as session:
        assert set(session.scalars(select(Incident.title))) == {"Ours", "Theirs"}
    with other.begin() as tx:
        assert set(tx.session.scalars(select(Incident.title))) == {"Theirs"}


def _whose(row: Base) -> UUID:
    owner: UUID = row.id if isinstance(row, Organization) else row.organization_id  # type: ignore[attr-defined]
    return owner
