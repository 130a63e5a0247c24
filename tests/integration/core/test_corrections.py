"""What people say about the category, in which order, and what counts in the end."""

import pytest

from incidents import classification
from incidents.errors import IncidentError
from incidents.models import Incident
from incidents.people import Actor
from incidents.words import Route, Severity
from tests.integration.core.world import BEA, CY, World


def correct(world: World, incident: Incident, category: str, by: Actor = BEA, via: str = "reaction") -> bool:
    return world.act(incident, lambda tx, row: classification.correct(tx, row, category, by=by, via=via))


def undo(world: World, incident: Incident, category: str, by: Actor = BEA, via: str = "reaction") -> bool:
    return world.act(incident, lambda tx, row: classification.undo_correction(tx, row, category, by=by, via=via))


def category(world: World, incident: Incident) -> tuple[str | None, Route | None]:
    row = world.fresh(incident)
    return row.category, row.route


@pytest.fixture
def incident(world: World) -> Incident:
    """Triaged as `database`; the clock is held, so that everything happens at the same time."""
    world.hold()
    return world.triaged(Severity.MEDIUM)


def test_the_latest_correction_counts_also_when_the_clock_stands_still(world: World, incident: Incident) -> None:
    for wanted in ("network", "security", "storage", "access", "network", "application"):
        correct(world, incident, wanted)
        assert category(world, incident) == (wanted, Route.HUMAN)


def test_taking_the_latest_back_gives_way_to_the_one_before(world: World, incident: Incident) -> None:
    correct(world, incident, "network", BEA)
    correct(world, incident, "storage", CY)
    assert undo(world, incident, "storage", CY)
    assert category(world, incident) == ("network", Route.HUMAN)
    assert undo(world, incident, "network", BEA)
    assert category(world, incident) == ("database", Route.MEMORY)


def test_nobody_takes_back_what_another_person_said(world: World, incident: Incident) -> None:
    correct(world, incident, "network", BEA)
    assert not undo(world, incident, "network", CY)
    assert not undo(world, incident, "storage", BEA)
    assert category(world, incident) == ("network", Route.HUMAN)


def test_the_same_correction_again_changes_nothing(world: World, incident: Incident) -> None:
    assert correct(world, incident, "network")
    version = world.fresh(incident).version
    assert not correct(world, incident, "network")
    assert world.fresh(incident).version == version
    assert world.told(incident).count("category_corrected") == 1


def test_a_category_that_there_is_not_is_refused_with_those_there_are(world: World, incident: Incident) -> None:
    with pytest.raises(IncidentError, match="Choose one of: database, network"):
        correct(world, incident, "weather")


def test_what_was_predicted_is_kept_with_the_correction(world: World, incident: Incident) -> None:
    correct(world, incident, "network")
    with world.store.begin() as tx:
        standing = classification.standing_correction(tx, tx.get(Incident, incident.id))
        assert standing is not None
        assert (standing.predicted, standing.predicted_route, standing.by) == ("database", Route.MEMORY, "Bea")
