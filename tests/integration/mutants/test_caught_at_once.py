"""Each mutant is caught by the one test that is there for it."""

import pytest

from tests.mutants import pytest_layer
from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import Mutant
from tests.mutants.tree import mutated


@pytest.mark.parametrize("mutant", list(MUTANTS.values()), ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught_by_its_test(mutant: Mutant) -> None:
    with mutated(mutant) as tree:
        assert pytest_layer.run("test", tree, mutant.test).caught
