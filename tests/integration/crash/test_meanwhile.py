"""While a worker is dead and its job in nobody's hands, people go on: what they did counts when the job is taken up."""

from collections.abc import Callable
from typing import Any

import pytest

from incidents import classification, lifecycle
from incidents.models import Incident
from incidents.store import Transaction
from tests.integration.core.world import CY
from tests.integration.crash import callbacks
from tests.integration.crash.aftermath import Aftermath
from tests.integration.crash.cases import ends_well, walk, way
from tests.integration.crash.path import distinct
from tests.integration.crash.rewinding import Scenes
from tests.integration.crash.stages import STAGES

MEANWHILE: dict[str, Callable[[Transaction, Incident], Any]] = {
    "acknowledged": lambda tx, row: lifecycle.acknowledge(tx, row, by=CY) if not row.status.is_over else None,
    "corrected": lambda tx, row: classification.correct(tx, row, "security", by=CY, via="api"),
    "resolved": lambda tx, row: lifecycle.resolve(tx, row, by=CY, how="restarted it"),
}


@pytest.mark.parametrize("happening", MEANWHILE)
@pytest.mark.parametrize("stage", STAGES)
def test_people_act_while_a_worker_is_dead(
    scenes: Scenes, subtests: pytest.Subtests, stage: str, happening: str
) -> None:
    for point in distinct(way(scenes, stage).points):
        with subtests.test(f"{stage}-{point}-{happening}-meanwhile"):
            scene = scenes.at(stage)
            path, after = walk(scene, dies_at=point), Aftermath(scene)
            placed = len(scene.world.phone.placed)
            scene.world.act(scene.incident, MEANWHILE[happening])
            callbacks.arrive(scene.world)
            ends_well(scene, path, after)
            if happening != "corrected":
                assert len(scene.world.phone.placed) == placed, "somebody is called about what somebody has taken"
