"""What Jira refuses, in its form: https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes."""

from collections.abc import Mapping
from typing import Any


class JiraRefusal(Exception):
    """General sentences, or sentences by field."""

    def __init__(self, status: int, *messages: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(*messages, *(fields or {}).values())
        self.status = status
        self._messages = messages
        self._fields = fields or {}

    def body(self) -> dict[str, Any]:
        return {"errorMessages": list(self._messages), "errors": dict(self._fields)}


NO_ISSUE = "Issue does not exist or you do not have permission to see it."
