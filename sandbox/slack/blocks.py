"""Blocks as a message or a view brings them: checked whole, and given the ids that they left out."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_types import BLOCKS, MESSAGE_ONLY
from sandbox.slack.checking import check_fields
from sandbox.slack.elements import PLACED_IN_SECTION, TYPED
from sandbox.slack.errors import SlackError
from sandbox.slack.state import Json

MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100
LONGEST_IN_ALL = 13_200
FOR_A_BLOCK = 125
"""Slack tells neither the limit nor how it counts. What people measured: 13,297 characters in one block, 125 fewer with
a divider beside it (https://github.com/slackapi/bolt-js/issues/2509), less still with many small ones (issue 2867)."""


def message_blocks(sent: Any) -> list[Json]:
    """Raises: SlackError, `invalid_blocks` with all reasons or `msg_blocks_too_long`."""
    if sent is None:
        return []
    faults = list(block_faults(sent, most=MOST_IN_MESSAGE))
    if faults:
        messages = [f"[ERROR] {fault}" for fault in faults]
        raise SlackError("invalid_blocks", errors=faults, response_metadata={"messages": messages})
    counted = len(json.dumps(list(_texts(sent)), ensure_ascii=False)) + FOR_A_BLOCK * max(len(sent) - 1, 0)
    if counted > LONGEST_IN_ALL:
        raise SlackError("msg_blocks_too_long")
    return with_ids(sent)


def block_faults(sent: Any, *, most: int, place: str = "/blocks", view: bool = False) -> Iterator[str]:
    if not isinstance(sent, list):
        yield f"must be an array [json-pointer:{place}]"
        return
    if len(sent) > most:
        yield f"no more than {most} items allowed [json-pointer:{place}]"
    seen: set[str] = set()
    for index, block in enumerate(sent):
        here = f"{place}/{index}"
        kind = block.get("type") if isinstance(block, dict) else None
        if not isinstance(kind, str) or kind not in BLOCKS or (view and kind in MESSAGE_ONLY):
            yield f"unsupported type: {kind} [json-pointer:{here}/type]"
            continue
        yield from check_fields(block, BLOCKS[kind], here, passed=("type",))
        yield from _beside_the_table(block, here)
        if (block_id := block.get("block_id")) in seen and block_id:
            yield f"`block_id` {block_id} already exists [json-pointer:{here}/block_id]"
        seen.add(block_id or "")


def _beside_the_table(block: Json, place: str) -> Iterator[str]:
    if block["type"] == "section" and not block.get("text") and not block.get("fields"):
        yield f"must have at least one of text, fields [json-pointer:{place}]"
    if block["type"] == "image" and not block.get("image_url") and not block.get("slack_file"):
        yield f"must have image_url or slack_file [json-pointer:{place}]"
    named = [one["action_id"] for one in elements_of(block) if one.get("action_id")]
    for name in sorted({name for name in named if named.count(name) > 1}, key=str):
        yield f"`action_id` {name} already exists for another element in this block [json-pointer:{place}/elements]"


def elements_of(block: Json) -> list[Json]:
    """The parts of a block that people can use."""
    several = block.get("elements")
    parts = [*(several if isinstance(several, list) else []), block.get("accessory"), block.get("element")]
    usable = (*PLACED_IN_SECTION, *TYPED)
    return [one for one in parts if isinstance(one, dict) and one.get("type") in usable and one["type"] != "image"]


def with_ids(blocks: list[Json]) -> list[Json]:
    """A deep copy in which each block and each usable element has its id."""
    copied: list[Json] = json.loads(json.dumps(blocks))
    for block in copied:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return copied


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
