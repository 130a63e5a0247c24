"""The sandbox's composer offers what the product understands."""

import json
from pathlib import Path

from bot.typed import COMMANDS

OFFERED = Path(__file__).parents[3] / "sandbox" / "page" / "commands.json"


def test_the_composer_offers_every_command_in_the_products_words() -> None:
    offered = {(each["usage"], each["does"]) for each in json.loads(OFFERED.read_text())}
    assert offered == {(f"/incident {command.usage}", command.does) for command in COMMANDS}
