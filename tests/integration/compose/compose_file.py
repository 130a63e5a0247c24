"""docker-compose.yml as Compose reads it: with the values of `.env` in it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
FILE = ROOT / "docker-compose.yml"
WRITTEN = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?:(?P<how>:[-?])(?P<rest>[^}]*))?\})")


class Missing(Exception):
    """What Compose says and stops with."""


def raw() -> dict[str, Any]:
    """Anchors and merges are resolved, variables are not."""
    return dict(yaml.safe_load(FILE.read_text()))


def read(given: Mapping[str, str]) -> dict[str, Any]:
    """Raises: Missing."""
    whole: dict[str, Any] = _filled(raw(), given)
    for service in whole["services"].values():
        if "environment" in service:
            # A setting without a value is taken from `.env`, and is not set when it is not there either.
            pairs = {
                name: given.get(name) if value is None else value for name, value in service["environment"].items()
            }
            service["environment"] = {name: value for name, value in pairs.items() if value is not None}
    return whole


def seconds(duration: str) -> float:
    found = re.fullmatch(r"(\d+)s", duration)
    assert found, duration
    return float(found[1])


def _filled(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(part, given) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, given) for part in value]
    return WRITTEN.sub(lambda found: _value(found, given), value) if isinstance(value, str) else value


def _value(found: re.Match[str], given: Mapping[str, str]) -> str:
    if found["dollar"]:
        return "$"
    if value := given.get(found["name"]):
        return value
    if found["how"] == ":?":
        raise Missing(f"{found['name']}: {found['rest']}")
    return found["rest"] or ""
