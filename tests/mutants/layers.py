"""The layers that a mutant has to get through, the quickest first."""

from collections.abc import Callable
from pathlib import Path

from tests.mutants import pytest_layer, schedule_layer
from tests.mutants.mutant import Mutant
from tests.mutants.outcome import Outcome

Layer = Callable[[Mutant, Path], Outcome | None]


def own_test(mutant: Mutant, tree: Path) -> Outcome:
    return pytest_layer.run("its test", tree, mutant.test)


def crash_points(mutant: Mutant, tree: Path) -> Outcome:
    return pytest_layer.run("crash points", tree, "tests/integration/crash")


def state_machine(mutant: Mutant, tree: Path) -> Outcome:
    """Whether it fails is enough: the shortest way to it is not looked for."""
    folder = "tests/integration/state_machine"
    return pytest_layer.run("state machine", tree, folder, "--hypothesis-profile=whether")


def schedules(mutant: Mutant, tree: Path) -> Outcome | None:
    """The schedule that is known to catch it; None when none is."""
    known = schedule_layer.kept(mutant.name)
    return None if known is None else schedule_layer.run(mutant.name, tree, [known])


LAYERS: dict[str, Layer] = {
    "test": own_test,
    "crash": crash_points,
    "machine": state_machine,
    "schedules": schedules,
}
