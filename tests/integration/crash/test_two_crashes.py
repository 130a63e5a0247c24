"""Two workers die on the same job, one after the other: what must not be there twice is there once."""

import pytest

from tests.integration.crash.aftermath import Aftermath
from tests.integration.crash.cases import ends_well, walk
from tests.integration.crash.outcomes import OUTCOMES
from tests.integration.crash.path import Path, distinct
from tests.integration.crash.rewinding import Scene, Scenes
from tests.integration.crash.stages import ONCE


def died(scenes: Scenes, stage: str, point: str) -> tuple[Scene, Aftermath]:
    """A first worker died there, and its lease has ended."""
    scene = scenes.at(stage)
    walk(scene, dies_at=point)
    after = Aftermath(scene)
    after.lease_ends()
    return scene, after


def second_path(scenes: Scenes, stage: str, point: str) -> Path:
    """What a second worker passes that nothing happens to."""
    return walk(died(scenes, stage, point)[0])


@pytest.mark.parametrize("stage", ONCE)
def test_a_second_worker_dies_as_well(scenes: Scenes, subtests: pytest.Subtests, stage: str) -> None:
    for first in distinct(walk(scenes.at(stage)).points):
        for second in distinct(second_path(scenes, stage, first).points):
            with subtests.test(f"{stage}-{first}-{second}-works"):
                scene, after = died(scenes, stage, first)
                ends_well(scene, walk(scene, dies_at=second), after)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("stage", ONCE)
def test_a_provider_fails_the_worker_that_looks_for_a_lost_effect(
    scenes: Scenes, subtests: pytest.Subtests, stage: str, outcome: str
) -> None:
    """The first one died when the effect was there, and what the second one asks first is where it is."""
    effect = [point.name for point in walk(scenes.at(stage)).points if point.name.startswith("after ")][-2]
    port, method = second_path(scenes, stage, effect).asked[0]
    with subtests.test(f"{stage}-{effect}-{method}-{outcome}"):
        scene, after = died(scenes, stage, effect)
        OUTCOMES[outcome].befall(getattr(scene.world, port), method)
        ends_well(scene, walk(scene), after)
