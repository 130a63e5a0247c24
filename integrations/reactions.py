"""What a reaction on the card means: one emoji, one meaning."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from integrations.blocks import escape

ACKNOWLEDGE = "eyes"
TIMELINE = "pushpin"

EMOJI = MappingProxyType(
    {
        "database": "file_cabinet",
        "network": "globe_with_meridians",
        "application": "computer",
        "infrastructure": "building_construction",
        "storage": "floppy_disk",
        "security": "lock",
        "access": "key",
        "third-party": "handshake",
        "other": "grey_question",
    }
)
"""The default table, category to emoji. The names are Slack's own."""


class Reactions:
    """A table of emoji that has been checked."""

    def __init__(self, emoji: Mapping[str, str] = EMOJI) -> None:
        """Raises: ValueError when one emoji would mean two things."""
        self._emoji = dict(emoji)
        self._categories: dict[str, str] = {}
        taken = {ACKNOWLEDGE: "acknowledge", TIMELINE: "timeline"}
        for category, name in self._emoji.items():
            plain = _plain(name)
            if plain in taken:
                raise ValueError(f"the emoji :{plain}: cannot mean both {taken[plain]} and {category}")
            taken[plain] = category
            self._categories[plain] = category

    def category(self, name: str) -> str | None:
        """The category that this emoji stands for; its skin tone does not matter."""
        return self._categories.get(_plain(name))

    def acknowledges(self, name: str) -> bool:
        return _plain(name) == ACKNOWLEDGE

    def legend(self, categories: Iterable[str]) -> str:
        """Each emoji with its word: `:lock: security · :key: access`. What has no emoji is left to the menu."""
        known = [category for category in categories if category in self._emoji]
        return " · ".join(f":{_plain(self._emoji[category])}: {escape(category)}" for category in known)


def _plain(name: str) -> str:
    return name.strip(":").split("::", 1)[0]
