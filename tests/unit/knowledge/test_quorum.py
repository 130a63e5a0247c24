"""Nobody alone turns over what several others say."""

import pytest

from knowledge.quorum import Near, Said, first_that_counts, waits

BEA = Said("network", "bea")
OTHERS = [Near("database", "ana"), Near("database", "cy")]


@pytest.mark.parametrize(
    ("near", "expected"),
    [
        ([], False),
        (OTHERS[:1], False),
        (OTHERS, True),
        ([OTHERS[0], OTHERS[0]], True),
        ([Near("database", "bea")] * 5, False),
        ([Near("database", "ana"), Near("storage", "cy")], False),
        ([*OTHERS, Near("network", "dee")], False),
        ([*OTHERS, Near("network", "bea")], True),
        ([Near("database", None)] * 2, True),
    ],
    ids=[
        "nobody said anything",
        "one lesson of another",
        "two lessons of others",
        "two lessons of one other",
        "only they themselves said otherwise",
        "the others do not agree",
        "another says the same",
        "only they themselves said the same",
        "nobody knows whose they are",
    ],
)
def test_one_voice_waits(near: list[Near], expected: bool) -> None:
    assert waits(BEA, near) is expected


def test_who_is_sure_waits_for_nobody() -> None:
    assert not waits(Said("network", "bea", sure=True), OTHERS * 5)


def test_the_first_that_counts_is_taken() -> None:
    assert first_that_counts([BEA, Said("database", "cy")], OTHERS) == 1
    assert first_that_counts([BEA], OTHERS) is None
