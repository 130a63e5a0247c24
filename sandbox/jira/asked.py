"""A request as the handlers see it."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from sandbox.jira.refusal import JiraRefusal


@dataclass(frozen=True)
class Asked:
    """`base` is the address of this version of the API, without a slash at the end."""

    base: str
    version: str
    query: QueryParams
    body: bytes

    def json(self) -> dict[str, Any]:
        """Raises: JiraRefusal 400 when the body is no JSON object."""
        try:
            read = json.loads(self.body or b"{}")
        except ValueError as error:
            raise JiraRefusal(400, "Invalid request payload. Refer to the REST API documentation.") from error
        if not isinstance(read, dict):
            raise JiraRefusal(400, "Invalid request payload. Refer to the REST API documentation.")
        return read

    def part(self, name: str) -> dict[str, Any]:
        """An object inside the body; missing is empty."""
        part = self.json().get(name) or {}
        if not isinstance(part, dict):
            raise JiraRefusal(400, fields={name: "data was not an object"})
        return part

    def number(self, name: str, default: int) -> int:
        given = self.query.get(name) or self.json().get(name) or default
        try:
            return int(given)
        except (TypeError, ValueError) as error:
            raise JiraRefusal(400, f"{name} must be a number") from error

    def fields(self) -> list[str] | None:
        """Field names from a comma-separated query, a repeated one, or a list in the body."""
        given = self.query.getlist("fields") or self.json().get("fields")
        if not given:
            return None
        return [name.strip() for value in given for name in str(value).split(",")]
