"""A view as `views.open` brings it, checked, and as Slack then returns it."""

import json
import time
from typing import Any

from sandbox.slack.blocks import MOST_IN_VIEW, block_faults, with_ids
from sandbox.slack.checking import check_fields
from sandbox.slack.elements import Anything, Flag, String, Table, Text
from sandbox.slack.errors import SlackError, invalid_arguments
from sandbox.slack.state import Json
from sandbox.world import APP_ID, Team

COMMON: dict[str, Any] = {
    "blocks": Anything(),
    "private_metadata": Anything(),
    "callback_id": Anything(),
    "external_id": Anything(),
}
MODAL = Table(
    {
        **COMMON,
        "title": Text(24),
        "submit": Text(24),
        "close": Text(24),
        "clear_on_close": Flag(),
        "notify_on_close": Flag(),
        "submit_disabled": Flag(),
    },
    frozenset({"title", "blocks"}),
)
HOME = Table(COMMON, frozenset({"blocks"}))
LENGTHS = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}
LARGEST = 250_000


def checked_view(sent: Any, *, kinds: tuple[str, ...]) -> Json:
    """Raises: SlackError."""
    if not isinstance(sent, dict):
        raise invalid_arguments("missing required field: view")
    if len(json.dumps(sent)) > LARGEST:
        raise SlackError("view_too_large")
    kind = sent.get("type")
    if kind not in kinds:
        raise invalid_arguments(f"must be one of {', '.join(kinds)} [json-pointer:/view/type]")
    faults = list(check_fields(sent, MODAL if kind == "modal" else HOME, "/view", passed=("type", *LENGTHS)))
    for name, longest in LENGTHS.items():
        if sent.get(name):
            faults += check_fields({name: sent[name]}, Table({name: String(longest)}), "/view")
    blocks = sent.get("blocks")
    if blocks is not None:
        faults += block_faults(blocks, most=MOST_IN_VIEW, place="/view/blocks", view=True)
    if kind == "modal" and not sent.get("submit") and any(_is_input(block) for block in _list(blocks)):
        faults.append("missing required field: submit, as there is an input block [json-pointer:/view]")
    if faults:
        raise invalid_arguments(*faults)
    return sent


def returned_view(sent: Json, team: Team, *, view_id: str, root: str, previous: str | None = None) -> Json:
    """The view with ids and the fields that Slack adds."""
    return {
        "id": view_id,
        "team_id": team.id,
        "type": sent["type"],
        "blocks": with_ids(sent["blocks"]),
        "private_metadata": sent.get("private_metadata") or "",
        "callback_id": sent.get("callback_id") or "",
        "external_id": sent.get("external_id") or "",
        "state": {"values": {}},
        "hash": f"{time.time_ns() // 1_000_000_000}.{view_id[1:5]}{time.time_ns() % 1_000_000}",
        "title": sent.get("title"),
        "submit": sent.get("submit"),
        "close": sent.get("close"),
        "clear_on_close": bool(sent.get("clear_on_close")),
        "notify_on_close": bool(sent.get("notify_on_close")),
        "previous_view_id": previous,
        "root_view_id": root,
        "app_id": APP_ID,
        "app_installed_team_id": team.id,
        "bot_id": team.bot_id,
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_input(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "input"
