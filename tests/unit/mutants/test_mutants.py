"""The mutants still fit the code: each replaces what it says, and what comes out is Python."""

from pathlib import Path

import pytest

from tests.mutants import schedule_layer
from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import Change, Mutant, OutOfDateError
from tests.mutants.tree import ROOT

ALL = list(MUTANTS.values())


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_a_mutant_fits_the_code_and_is_python(mutant: Mutant) -> None:
    changed = mutant.mutated(ROOT)
    assert changed
    for file, text in changed.items():
        assert text != (ROOT / file).read_text()
        compile(text, file, "exec")


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_the_test_that_catches_it_is_there(mutant: Mutant) -> None:
    file, _, test = mutant.test.partition("::")
    assert f"def {test.partition('[')[0]}(" in (ROOT / file).read_text()


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_a_schedule_that_catches_it_is_kept_or_it_is_said_why_none_is(mutant: Mutant) -> None:
    assert (schedule_layer.kept(mutant.name) is None) == bool(mutant.unseen)


@pytest.mark.parametrize("text", ["", "one = 1\none = 1\n"], ids=["not there", "there twice"])
def test_a_mutant_whose_text_is_not_there_once_is_out_of_date(tmp_path: Path, text: str) -> None:
    (tmp_path / "code.py").write_text(text)
    mutant = Mutant("old", breaks="It breaks.", changes=(Change("code.py", "one = 1", "one = 2"),), test="")
    with pytest.raises(OutOfDateError, match="out of date"):
        mutant.apply(tmp_path)
