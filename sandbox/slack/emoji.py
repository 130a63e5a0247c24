"""The emoji that this workspace knows by name; the page shows them from the same file."""

import json
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent.parent / "page" / "emoji.json"


@cache
def known() -> frozenset[str]:
    return frozenset(json.loads(TABLE.read_text(encoding="utf-8")))


def is_emoji(name: str) -> bool:
    """A skin tone may follow: `thumbsup::skin-tone-3`."""
    base, _, tone = name.partition("::")
    return base in known() and (not tone or tone in {f"skin-tone-{n}" for n in range(2, 7)})
