"""What a person chose or typed, as Slack writes it into an action or a view's state."""

from typing import Any

from sandbox.reading import Refused
from sandbox.slack.blocks import elements_of
from sandbox.slack.checking import options_of
from sandbox.slack.elements import TYPED
from sandbox.slack.state import Json

ONE_OPTION = ("static_select", "external_select", "overflow", "radio_buttons")
SEVERAL_OPTIONS = ("checkboxes", "multi_static_select")
PLAIN_KEYS = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def find_element(blocks: list[Json], action_id: str, block_id: str | None, value: Any) -> tuple[Json, Json]:
    """The block and the element; of several buttons with that id the one that carries the value."""
    found = [
        (block, element)
        for block in blocks
        for element in elements_of(block)
        if element["action_id"] == action_id and block_id in (None, block["block_id"])
    ]
    if not found:
        raise Refused(f"nothing with the action_id {action_id!r} there", 404)
    return next((one for one in found if value is not None and one[1].get("value") == value), found[0])


def chosen(element: Json, value: Any) -> Json:
    """`value` is an option's value, a list of them, a text, a user's id, a date; None chooses nothing."""
    kind = element["type"]
    if kind == "button":
        return {"type": kind, "value": element["value"]} if "value" in element else {"type": kind}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": None if value is None else _option(element, value)}
    if kind in SEVERAL_OPTIONS:
        values = value if isinstance(value, list) else [value] if value is not None else []
        return {"type": kind, "selected_options": [_option(element, one) for one in values]}
    if kind in TYPED:
        return {"type": kind, "value": None if value in (None, "") else str(value)}
    return {"type": kind, PLAIN_KEYS[kind][0]: value}


def initially(element: Json) -> Json:
    """What stands there before the person touches it."""
    kind = element["type"]
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in SEVERAL_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    if kind in TYPED:
        return {"type": kind, "value": element.get("initial_value")}
    return {"type": kind, PLAIN_KEYS[kind][0]: element.get(PLAIN_KEYS[kind][1])}


def is_empty(state: Json) -> bool:
    return all(value in (None, "", []) for name, value in state.items() if name != "type")


def _option(element: Json, value: Any) -> Json:
    if element["type"] == "external_select":
        return {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}
    for option in options_of(element):
        if option["value"] == value:
            return option
    known = ", ".join(option["value"] for option in options_of(element))
    raise Refused(f"{value!r} is no option of {element['action_id']!r}; there are {known}")
