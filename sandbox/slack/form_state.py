"""The state of a view or a message: what every field holds, from what was there and what the person filled in."""

from typing import Any

from sandbox.reading import Refused
from sandbox.slack.blocks import elements_of
from sandbox.slack.choosing import chosen, initially, is_empty
from sandbox.slack.state import Json

NOT_IN_STATE = ("button", "overflow")


def held(blocks: list[Json], before: Json) -> Json:
    """`{block_id: {action_id: state}}`; what was chosen earlier (`before`) stays."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in NOT_IN_STATE:
                earlier = before.get(block["block_id"], {}).get(element["action_id"])
                values.setdefault(block["block_id"], {})[element["action_id"]] = earlier or initially(element)
    return values


def filled(blocks: list[Json], before: Json, values: Json) -> Json:
    """`values` has entries by block_id or action_id: a plain value, or `{action_id: value}`, or Slack's own state."""
    state = held(blocks, before)
    known = {block: set(fields) for block, fields in state.items()}
    for name, given in values.items():
        block_id = name if name in known else next((block for block, ids in known.items() if name in ids), None)
        if block_id is None:
            fields = ", ".join(sorted(known | {one: set() for ids in known.values() for one in ids}))
            raise Refused(f"the form has no field {name!r}; it has {fields}")
        for action_id, value in _by_action(name, given, known[block_id]).items():
            if action_id not in known[block_id]:
                raise Refused(f"the block {block_id!r} has no field {action_id!r}")
            element = next(
                one
                for block in blocks
                if block["block_id"] == block_id
                for one in elements_of(block)
                if one["action_id"] == action_id
            )
            state[block_id][action_id] = value if _is_state(value) else chosen(element, value)
    return state


def missing(blocks: list[Json], state: Json) -> list[str]:
    """What Slack tells the person before it sends anything, field by field."""
    told = []
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        entered = state[block["block_id"]][element["action_id"]]
        label = block["label"]["text"]
        if is_empty(entered) and not block.get("optional"):
            told.append(f"{label}: please complete this required field")
        length = len(str(entered.get("value") or ""))
        if length and not element.get("min_length", 0) <= length <= element.get("max_length", 3000):
            told.append(f"{label}: the text is too short or too long")
    return told


def _by_action(name: str, given: Any, ids: set[str]) -> Json:
    if isinstance(given, dict) and not _is_state(given):
        return given
    return {name if name in ids else next(iter(ids)): given}


def _is_state(value: Any) -> bool:
    return isinstance(value, dict) and "type" in value
