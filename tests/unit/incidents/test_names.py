"""Ids: which can be given, and which are made."""

import pytest

from incidents import names
from incidents.errors import IncidentError
from incidents.paging import Place


@pytest.mark.parametrize("ref", ["TEST-PY-01", "a", "x" * 64, "1a", "a.b_c-D", "incident-7", "..."])
def test_an_id_is_taken_as_it_is_given(ref: str) -> None:
    assert names.checked_ref(ref) == ref


@pytest.mark.parametrize("ref", ["", "x" * 65, "a b", "a/b", "ä", "42", "stats", "STATS", ".", "..", "a\n", "²"])
def test_what_is_no_id_is_refused_with_the_reason(ref: str) -> None:
    with pytest.raises(IncidentError, match=r"id|meaning"):
        names.checked_ref(ref)


def test_where_a_page_stands_is_read_as_it_was_written() -> None:
    assert Place.of(str(Place(run=3, rung=11))) == Place(3, 11)
    assert str(Place(1, 0)) == "1:0"
