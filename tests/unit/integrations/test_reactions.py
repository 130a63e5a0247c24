"""One emoji, one meaning."""

import pytest

from incidents.words import CATEGORIES
from integrations.reactions import ACKNOWLEDGE, EMOJI, Reactions


def test_every_default_category_has_an_emoji() -> None:
    assert set(EMOJI) == set(CATEGORIES)


def test_an_emoji_means_its_category_whatever_its_skin_tone() -> None:
    reactions = Reactions()
    assert reactions.category("lock") == "security"
    assert reactions.category("handshake::skin-tone-3") == "third-party"
    assert reactions.category("tada") is None


def test_eyes_acknowledge() -> None:
    assert Reactions().acknowledges("eyes")
    assert not Reactions().acknowledges("lock")


@pytest.mark.parametrize(
    "table",
    [
        {"database": "lock", "security": "lock"},
        {"database": "wave", "security": "wave::skin-tone-2"},
        {"database": ACKNOWLEDGE},
        {"database": "pushpin"},
    ],
)
def test_an_emoji_with_two_meanings_is_refused(table: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot mean both"):
        Reactions(table)


def test_the_legend_lists_only_what_was_asked_for() -> None:
    assert Reactions().legend(["security", "weather"]) == ":lock: security"
