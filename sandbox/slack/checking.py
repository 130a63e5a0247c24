"""Checks a block, an element or a view against its table, and tells every fault with its place, as Slack does."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack import elements as rules
from sandbox.slack.elements import ELEMENTS, Options, Rule, Table, Text

OPTION = Table(
    {
        "text": Text(75, rules.EITHER),
        "value": rules.String(150),
        "description": Text(75, rules.EITHER),
        "url": rules.String(3000),
    },
    frozenset({"text", "value"}),
)
PLAIN_OPTION = Table({**OPTION.fields, "text": Text(75), "description": Text(75)}, OPTION.required)


def check_fields(thing: dict[str, Any], table: Table, place: str, *, passed: tuple[str, ...] = ()) -> Iterator[str]:
    for name in sorted(table.required - thing.keys()):
        yield f"missing required field: {name} [json-pointer:{place}]"
    for name, value in thing.items():
        if name in passed:
            continue
        rule = table.fields.get(name)
        if rule is None:
            yield f"invalid additional property: {name} [json-pointer:{place}]"
        elif value is not None or name in table.required:
            yield from check(value, rule, f"{place}/{name}")


def check(value: Any, rule: Rule, place: str) -> Iterator[str]:
    match rule:
        case Text():
            yield from check_text(value, rule, place)
        case rules.String(longest, choices):
            yield from _string(value, longest, choices, place)
        case rules.Flag() if not isinstance(value, bool):
            yield f"must be a valid boolean [json-pointer:{place}]"
        case rules.Number() if isinstance(value, bool) or not isinstance(value, int):
            yield f"must be a valid integer [json-pointer:{place}]"
        case Options():
            yield from _options(value, rule, place)
        case rules.Option():
            yield from _object(value, OPTION, place)
        case rules.Shape(fields, required):
            yield from _object(value, Table(fields, required), place)
        case rules.ListOf():
            yield from _list(value, rule, place)
        case rules.Element(types):
            yield from check_element(value, types, place)
        case _:
            return


def check_text(value: Any, rule: Text, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"must be a text object [json-pointer:{place}]"
        return
    if value.get("type") not in rule.types:
        yield f"must be one of {', '.join(rule.types)} [json-pointer:{place}/type]"
        return
    table = ELEMENTS[value["type"]]
    yield from check_fields(
        value, Table({**table.fields, "text": rules.String(rule.longest)}, table.required), place, passed=("type",)
    )


def check_element(value: Any, types: tuple[str, ...], place: str) -> Iterator[str]:
    if not isinstance(value, dict) or not rules.known(value.get("type")):
        yield f"unsupported type: {value.get('type') if isinstance(value, dict) else value} [json-pointer:{place}/type]"
        return
    if value["type"] not in types:
        yield f"unsupported type: {value['type']} [json-pointer:{place}/type]"
        return
    yield from check_fields(value, ELEMENTS[value["type"]], place, passed=("type",))
    if value["type"] in ("static_select", "multi_static_select") and ("options" in value) == ("option_groups" in value):
        yield f"must have exactly one of options, option_groups [json-pointer:{place}]"
    if (initial := value.get("initial_option")) is not None and initial not in options_of(value):
        yield f"invalid value: initial_option must be one of the options [json-pointer:{place}/initial_option]"


def options_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    grouped = [option for group in element.get("option_groups") or [] for option in group.get("options", [])]
    return [*(element.get("options") or []), *grouped]


def _string(value: Any, longest: int, choices: tuple[str, ...], place: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{place}]"
    elif not value:
        yield f"must be more than 0 characters [json-pointer:{place}]"
    elif len(value) > longest:
        yield f"must be less than {longest + 1} characters [json-pointer:{place}]"
    elif choices and value not in choices:
        yield f"must be one of {', '.join(choices)} [json-pointer:{place}]"


def _object(value: Any, table: Table, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from check_fields(value, table, place)
    else:
        yield f"must be an object [json-pointer:{place}]"


def _options(value: Any, rule: Options, place: str) -> Iterator[str]:
    yield from _count(value, 1, rule.most, place)
    for index, one in enumerate(value if isinstance(value, list) else []):
        if rule.groups:
            group = Table({"label": Text(75), "options": Options(100)}, frozenset({"label", "options"}))
            yield from _object(one, group, f"{place}/{index}")
        else:
            yield from _object(one, OPTION if rule.marked else PLAIN_OPTION, f"{place}/{index}")


def _list(value: Any, rule: rules.ListOf, place: str) -> Iterator[str]:
    yield from _count(value, rule.least, rule.most, place)
    for index, one in enumerate(value if isinstance(value, list) else []):
        if rule.text is not None:
            yield from check_text(one, rule.text, f"{place}/{index}")
        else:
            yield from check_element(one, rule.types, f"{place}/{index}")


def _count(value: Any, least: int, most: int, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"must be an array [json-pointer:{place}]"
    elif len(value) < least:
        yield f"no fewer than {least} items required [json-pointer:{place}]"
    elif len(value) > most:
        yield f"no more than {most} items allowed [json-pointer:{place}]"
