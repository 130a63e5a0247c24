"""A process that stands still within a transaction (a frozen machine, a swapping one) must not stop others."""

import pytest

from incidents import lifecycle
from incidents.models import Incident
from incidents.store import DATABASE_AWAY
from tests.integration.core.world import BEA, World


def test_what_a_frozen_process_had_locked_is_free_after_some_seconds(world: World) -> None:
    incident = world.reported()
    with pytest.raises(DATABASE_AWAY), world.store.begin() as frozen:  # noqa: PT012  # It fails when it wakes up.
        frozen.get(Incident, incident.id, lock=True)
        # Somebody acknowledges, and waits for the lock: less long than a statement may take.
        taken = world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
        assert taken.by_you
        frozen.get(Incident, incident.id)
    assert world.summary(incident).page == "acknowledged by Bea"
