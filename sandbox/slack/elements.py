"""What Slack demands of text objects, options and interactive elements, as tables.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PLAIN = ("plain_text",)
EITHER = ("plain_text", "mrkdwn")


@dataclass(frozen=True)
class Text:
    """A text object of one of these types with at most so many characters."""

    longest: int
    types: tuple[str, ...] = PLAIN


@dataclass(frozen=True)
class String:
    longest: int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """An integer, or a number written as a string, as Slack has both."""


@dataclass(frozen=True)
class Flag:
    """True or false."""


@dataclass(frozen=True)
class Anything:
    """Taken as it is: what this stand-in does not look into."""


@dataclass(frozen=True)
class Options:
    """`groups`: a list of groups of options. `marked`: their texts may be mrkdwn."""

    most: int
    groups: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Option:
    """One of the element's options."""


@dataclass(frozen=True)
class Shape:
    """A composition object with a table of its own, such as `confirm`."""

    fields: Mapping[str, "Rule"]
    required: frozenset[str]


@dataclass(frozen=True)
class ListOf:
    """A list of blocks' parts: elements of these types, or text objects."""

    least: int
    most: int
    types: tuple[str, ...] = ()
    text: Text | None = None


@dataclass(frozen=True)
class Element:
    types: tuple[str, ...]


Rule = Text | String | Number | Flag | Anything | Options | Option | Shape | ListOf | Element


@dataclass(frozen=True)
class Table:
    """The fields that a type has; those of `required` must be there."""

    fields: Mapping[str, Rule]
    required: frozenset[str] = field(default_factory=frozenset)


CONFIRM = Shape(
    {
        "title": Text(100),
        "text": Text(300, EITHER),
        "confirm": Text(30),
        "deny": Text(30),
        "style": String(10, ("primary", "danger")),
    },
    frozenset({"title", "text", "confirm", "deny"}),
)
COMMON: dict[str, Rule] = {"action_id": String(255), "confirm": CONFIRM, "focus_on_load": Flag()}
INPUT: dict[str, Rule] = {
    "action_id": String(255),
    "focus_on_load": Flag(),
    "placeholder": Text(150),
    "initial_value": String(3000),
    "dispatch_action_config": Anything(),
}
STYLE = String(10, ("primary", "danger"))


def _menu(**fields: Rule) -> Table:
    return Table({**COMMON, "placeholder": Text(150), **fields})


def _with(required: str, **fields: Rule) -> Table:
    return Table({**COMMON, **fields}, frozenset(required.split()))


ELEMENTS: dict[str, Table] = {
    "button": _with(
        "text", text=Text(75), value=String(2000), url=String(3000), style=STYLE, accessibility_label=String(75)
    ),
    "static_select": _with(
        "", placeholder=Text(150), options=Options(100), option_groups=Options(100, True), initial_option=Option()
    ),
    "multi_static_select": _menu(
        options=Options(100), option_groups=Options(100, True), initial_options=Anything(), max_selected_items=Number()
    ),
    "external_select": _menu(initial_option=Anything(), min_query_length=Number()),
    "users_select": _menu(initial_user=String(255)),
    "multi_users_select": _menu(initial_users=Anything(), max_selected_items=Number()),
    "conversations_select": _menu(
        initial_conversation=String(255),
        default_to_current_conversation=Flag(),
        response_url_enabled=Flag(),
        filter=Anything(),
    ),
    "channels_select": _menu(initial_channel=String(255), response_url_enabled=Flag()),
    "overflow": _with("options", options=Options(5)),
    "radio_buttons": _with("options", options=Options(10, marked=True), initial_option=Option()),
    "checkboxes": _with("options", options=Options(10, marked=True), initial_options=Anything()),
    "datepicker": _menu(initial_date=String(10)),
    "timepicker": _menu(initial_time=String(5), timezone=String(50)),
    "datetimepicker": _with("", initial_date_time=Number()),
    "plain_text_input": Table({**INPUT, "multiline": Flag(), "min_length": Number(), "max_length": Number()}),
    "email_text_input": Table(INPUT),
    "url_text_input": Table(INPUT),
    "number_input": Table(
        {**INPUT, "is_decimal_allowed": Flag(), "min_value": Anything(), "max_value": Anything()},
        frozenset({"is_decimal_allowed"}),
    ),
    "image": Table(
        {"image_url": String(3000), "alt_text": String(2000), "slack_file": Anything()}, frozenset({"alt_text"})
    ),
    "plain_text": Table({"text": String(3000), "emoji": Flag()}, frozenset({"text"})),
    "mrkdwn": Table({"text": String(3000), "verbatim": Flag()}, frozenset({"text"})),
}

TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
TEXTS = ("plain_text", "mrkdwn")
CLICKED = tuple(name for name in ELEMENTS if name not in (*TYPED, *TEXTS, "image"))
PLACED_IN_SECTION = (*CLICKED, "image")
ENTERED = tuple(name for name in (*CLICKED, *TYPED) if name not in ("button", "overflow"))


def known(value: Any) -> bool:
    return isinstance(value, str) and value in ELEMENTS
