"""One case: a worker walks its path and dies on it or not, and the others bring everything to its end."""

from contextlib import suppress

from tests.integration.crash import mortal, truth
from tests.integration.crash.aftermath import Aftermath
from tests.integration.crash.outcomes import BugError
from tests.integration.crash.path import Killed, Path
from tests.integration.crash.rewinding import Scene, Scenes


def walk(scene: Scene, *, dies_at: str | None = None) -> Path:
    """A worker takes the job. The path that it walked; one that was to die has died."""
    path = Path(dies_at=dies_at)
    # The worker logs a bug and goes on; the job comes back when its lease ends.
    with suppress(Killed, BugError):
        mortal.mortal(scene.world, path).run(scene.job.id)
    assert path.points, "the job could not be taken"
    assert path.dead == (dies_at is not None), f"it never came to {dies_at}"
    return path


def way(scenes: Scenes, stage: str) -> Path:
    """The path of a worker to whom nothing happens; walked once."""
    if stage not in scenes.ways:
        scenes.ways[stage] = walk(scenes.at(stage))
    return scenes.ways[stage]


def ends_well(scene: Scene, path: Path, after: Aftermath | None = None) -> None:
    """Others come when the lease of a worker that died has ended, and in the end everything is as it must be."""
    after = after or Aftermath(scene)
    if path.dead:
        after.lease_ends()
    after.to_the_end()
    truth.holds(scene.world, scene.incident)
