"""How an official description is written down here: a method, what may be asked, and what is answered."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Rule = Callable[[Any], bool]
"""Whether a value has the documented type and keeps the documented limit."""


@dataclass(frozen=True)
class Described:
    """`asked` are all documented parameters, with a rule for those that we send; `answered` are documented fields by
    dotted path, lists left out, everything below a path included."""

    source: str
    asked: Mapping[str, Rule]
    answered: frozenset[str]
    required: frozenset[str] = frozenset()

    def faults(self, given: Mapping[str, Any]) -> list[str]:
        missing = [f"{name} is missing" for name in sorted(self.required - given.keys())]
        unknown = [f"{name} is not documented" for name in given if name not in self.asked]
        wrong = [
            f"{name} cannot be {value!r:.80}"
            for name, value in given.items()
            if name in self.asked and not self.asked[name](value)
        ]
        return missing + unknown + wrong


def method(source: str, asked: Mapping[str, Rule], answered: str, required: str = "") -> Described:
    return Described(source, asked, frozenset(answered.split()), frozenset(required.split()))


def others(names: str) -> dict[str, Rule]:
    """Parameters that exist, and that we do not send."""
    return dict.fromkeys(names.split(), lambda value: False)


def text(longest: int = 100_000, pattern: str = ".*") -> Rule:
    return lambda value: (
        isinstance(value, str) and len(value) <= longest and bool(re.fullmatch(pattern, value, re.DOTALL))
    )


def number(least: int, most: int) -> Rule:
    return lambda value: str(value).isdecimal() and least <= int(value) <= most


def flag(value: Any) -> bool:
    """As JSON has it, or as it stands in a form."""
    return value in (True, False) or str(value) in ("true", "false", "1", "0")


def one_of(*values: str) -> Rule:
    return lambda value: value in values


def each(rule: Rule) -> Rule:
    """For a list, or a parameter that stands there several times."""
    return lambda value: all(map(rule, value if isinstance(value, list) else [value]))


def pruned(value: Any, paths: frozenset[str], here: str = "") -> Any:
    """Without the fields that are not documented, and in another order."""
    if isinstance(value, list):
        return [pruned(one, paths, here) for one in value]
    if not isinstance(value, dict) or here in paths:
        return value
    kept = {}
    for name in reversed(value):
        path = f"{here}.{name}".lstrip(".")
        if path in paths or any(known.startswith(f"{path}.") for known in paths):
            kept[name] = pruned(value[name], paths, path)
    return kept
