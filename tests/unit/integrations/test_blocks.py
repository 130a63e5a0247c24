"""Text from strangers is shown as written, and cutting never leaves half of something."""

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.blocks import HEADER, MOST_BLOCKS, MOST_CHARACTERS, cut, escape, fit_blocks, header, length, section


def test_control_characters_become_entities() -> None:
    assert escape("a < b & c > d") == "a &lt; b &amp; c &gt; d"


def test_a_loud_word_keeps_its_letters_and_loses_its_bell() -> None:
    quiet = escape("@channel @Here @everyone ana@example.com")
    assert quiet == "@\u2060channel @\u2060Here @\u2060everyone ana@example.com"


def test_a_cut_never_leaves_half_an_entity_or_half_a_link() -> None:
    assert cut("abc &amp; def", 8) == "abc…"
    assert cut("see <https://a.test|this> now", 15) == "see…"


@settings(deadline=None)
@given(st.text(), st.integers(min_value=2, max_value=50))
def test_a_cut_text_is_never_longer_than_asked(text: str, most: int) -> None:
    assert len(cut(text, most)) <= max(most, 0)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_a_header_is_one_line_within_its_limit(text: str) -> None:
    shown = header(text)["text"]["text"]
    assert len(shown) <= HEADER
    assert "\n" not in shown


@settings(deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=4000), max_size=70))
def test_fitted_blocks_fit(lengths: list[int]) -> None:
    fitted = fit_blocks([section("x" * each) for each in lengths])
    assert len(fitted) <= MOST_BLOCKS
    assert sum(length(block) for block in fitted) <= MOST_CHARACTERS


def test_blocks_that_fit_are_left_alone() -> None:
    shown = [section("a"), section("b")]
    assert fit_blocks(shown) == shown
