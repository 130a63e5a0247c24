"""Texts are alike by their words and letters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.grams import Grams, letters, words

TEXTS = ["disk full on db1", "disk is full on db22", "Datenbank antwortet nicht", "database answers slowly", "", "🔥🔥"]


def of(texts: list[str], *, refreshed: bool = True) -> Grams:
    grams = Grams(words)
    for text in texts:
        grams.add(grams.see(text))
    if refreshed:
        grams.refresh()
    return grams


def test_any_number_is_as_good_as_another() -> None:
    assert list(words("disk 17 full")) == list(words("disk 4 full"))


def test_an_inflected_word_shares_its_letters() -> None:
    assert set(letters("Datenbank")) & set(letters("Datenbanken"))
    assert not set(words("Datenbank")) & set(words("Datenbanken"))


def test_nothing_is_alike_to_an_empty_index() -> None:
    grams = Grams(words)
    assert grams.cosines(grams.see("disk full")).shape == (0,)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=12), st.booleans())
def test_all_at_once_are_as_alike_as_one_by_one(texts: list[str], refreshed: bool) -> None:
    grams = of(texts, refreshed=refreshed)
    one_by_one = np.array([grams.cosines(grams.see(text)) for text in texts])
    assert grams.all_cosines() == pytest.approx(one_by_one, abs=1e-5)
    assert one_by_one.min() >= 0
    assert one_by_one.max() <= 1.00001


def test_a_part_that_very_many_texts_have_counts_as_it_does_one_by_one() -> None:
    texts = [f"disk full, host {'abcdefghij'[n % 10]} in row {'klmno'[n % 5]}" for n in range(150)]
    grams = of(texts)
    assert grams.all_cosines()[7] == pytest.approx(grams.cosines(grams.see(texts[7])), abs=1e-5)


def test_what_is_rare_counts_more_once_it_was_looked_at() -> None:
    texts = ["server down", "server slow", "server hot", "printer down"]
    grams = of(texts)
    by_server, by_printer = grams.cosines(grams.see("server printer"))[[0, 3]]
    assert by_printer > by_server


def test_the_first_texts_are_forgotten_and_the_others_stay() -> None:
    grams = of(TEXTS)
    kept = grams.cosines(grams.see(TEXTS[3]))[2:]
    grams.forget_first(2)
    assert grams.cosines(grams.see(TEXTS[3])) == pytest.approx(kept)
    grams.forget_first(4)
    assert grams.cosines(grams.see("disk")).shape == (0,)


def test_texts_without_words_are_alike_to_each_other_alone() -> None:
    assert of(TEXTS).all_cosines()[4] == pytest.approx([0, 0, 0, 0, 1, 1])
