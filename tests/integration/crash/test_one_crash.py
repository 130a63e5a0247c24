"""A worker dies at any point of any kind of job, whatever the provider does: in the end everything is there once."""

import pytest

from incidents.terms import JobKind
from tests.integration.crash.cases import ends_well, walk, way
from tests.integration.crash.outcomes import OUTCOMES
from tests.integration.crash.path import distinct
from tests.integration.crash.rewinding import Scenes
from tests.integration.crash.stages import STAGES


def test_every_kind_of_job_has_a_stage() -> None:
    assert {stage.kind for stage in STAGES.values()} == set(JobKind)


@pytest.mark.parametrize("stage", STAGES)
def test_a_worker_dies_and_the_providers_work(scenes: Scenes, subtests: pytest.Subtests, stage: str) -> None:
    path = way(scenes, stage)
    for point in path.points:
        with subtests.test(f"{stage}-{point.name}-works"):
            scene = scenes.at(stage)
            ends_well(scene, walk(scene, dies_at=point.name))


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("stage", STAGES)
def test_a_worker_dies_and_a_provider_fails(
    scenes: Scenes, subtests: pytest.Subtests, stage: str, outcome: str
) -> None:
    """Whoever asks the provider first, the worker that dies or a later one, meets the failure."""
    for port, method in way(scenes, stage).asked:
        scene = scenes.at(stage)
        OUTCOMES[outcome].befall(getattr(scene.world, port), method)
        path = walk(scene)
        with subtests.test(f"{stage}-nobody-dies-{method}-{outcome}"):
            ends_well(scene, path)
        for point in distinct(path.points):
            with subtests.test(f"{stage}-{point}-{method}-{outcome}"):
                scene = scenes.at(stage)
                OUTCOMES[outcome].befall(getattr(scene.world, port), method)
                ends_well(scene, walk(scene, dies_at=point))
