"""Two workers die on the same job, one after the other: what must not be there twice is there once."""

from datetime import timedelta

import pytest

from tests.integration.crash import callbacks
from tests.integration.crash.aftermath import Aftermath
from tests.integration.crash.cases import ends_well, walk, way
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


def second_way(scenes: Scenes, stage: str, point: str) -> Path:
    """The path of a second worker to whom nothing happens; walked once."""
    name = f"{stage}-{point}"
    if name not in scenes.ways:
        scenes.ways[name] = walk(died(scenes, stage, point)[0])
    return scenes.ways[name]


@pytest.mark.parametrize("stage", ONCE)
def test_a_second_worker_dies_as_well(scenes: Scenes, subtests: pytest.Subtests, stage: str) -> None:
    for first in distinct(way(scenes, stage).points):
        for second in distinct(second_way(scenes, stage, first).points):
            with subtests.test(f"{stage}-{first}-{second}-works"):
                scene, after = died(scenes, stage, first)
                ends_well(scene, walk(scene, dies_at=second), after)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("stage", ONCE)
def test_a_provider_fails_the_worker_that_looks_for_a_lost_effect(
    scenes: Scenes, subtests: pytest.Subtests, stage: str, outcome: str
) -> None:
    """The first one died when the effect was there. What the second one asks may be where it is."""
    for effect in (f"after {method}" for _, method in way(scenes, stage).asked):
        for port, method in second_way(scenes, stage, effect).asked:
            with subtests.test(f"{stage}-{effect}-{method}-{outcome}"):
                scene, after = died(scenes, stage, effect)
                OUTCOMES[outcome].befall(getattr(scene.world, port), method)
                ends_well(scene, walk(scene), after)


@pytest.mark.parametrize("stage", ["PAGE", "PAGE-the-second-time", "NOTIFY_BY_PHONE"])
def test_a_call_that_the_list_never_shows_is_made_again_and_ends_like_the_other(scenes: Scenes, stage: str) -> None:
    """The one case in which a person is called twice: rather that than not at all."""
    scene = scenes.at(stage)
    walk(scene, dies_at="after call")
    lost = scene.world.phone.placed[-1]
    lost.at -= timedelta(hours=1)
    after = Aftermath(scene)
    after.lease_ends()
    walk(scene)
    assert [call.to for call in scene.world.phone.placed[-2:]] == [lost.to, lost.to]
    callbacks.arrive(scene.world)
    ends_well(scene, Path(), after)
