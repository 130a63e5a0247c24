"""The arguments of a Web API call, from a query string, a form or JSON, read with Slack's own leniency and no more."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from sandbox.slack.errors import SlackError, invalid_arguments


class Args:
    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def text(self, name: str) -> str:
        value = self.optional(name)
        if value is None:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def optional(self, name: str) -> str | None:
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, (dict, list)):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.given.get(name)
        return default if value is None else str(value).lower() in ("true", "1", "t")

    def number(self, name: str, default: int) -> int:
        value = self.optional(name)
        try:
            return default if value is None else int(value)
        except ValueError as error:
            raise invalid_arguments(f"must provide an integer [json-pointer:/{name}]") from error

    def names(self, name: str) -> list[str]:
        """A list that came as JSON or joined with commas."""
        value = self.given.get(name)
        if isinstance(value, list):
            return [str(one) for one in value]
        return [one.strip() for one in str(value or "").split(",") if one.strip()]

    def structure(self, name: str, otherwise: str) -> Any:
        """What was sent as JSON, or as JSON within a form; `otherwise` is the error when it cannot be read."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as error:
            raise SlackError(otherwise) from error


def read_args(query: Mapping[str, str], content_type: str, body: bytes) -> Args:
    kind = content_type.partition(";")[0].strip().lower()
    if not body or kind == "":
        return Args(dict(query))
    if kind == "application/json":
        try:
            sent = json.loads(body)
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(sent, dict):
            raise SlackError("json_not_object")
        return Args({**query, **sent})
    if kind == "application/x-www-form-urlencoded":
        return Args({**query, **dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))})
    raise SlackError("invalid_form_data")
