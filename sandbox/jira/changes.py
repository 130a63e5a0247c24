"""What changed between two states of an issue, as a webhook's changelog has it."""

from typing import Any

from sandbox.jira.catalogue import PRIORITIES, TYPES
from sandbox.jira.document import to_text
from sandbox.jira.issue import Issue


def changes(before: Issue, after: Issue) -> list[dict[str, Any]]:
    told = {name: (old, new) for name, old, new in zip(_NAMES, _texts(before), _texts(after), strict=True)}
    return [
        {"field": name, "fieldtype": "jira", "fieldId": name, "fromString": old, "toString": new}
        for name, (old, new) in told.items()
        if old != new
    ]


_NAMES = ("status", "summary", "description", "priority", "labels", "assignee", "issuetype")


def _texts(issue: Issue) -> tuple[str, ...]:
    return (
        issue.status.name,
        issue.summary,
        to_text(issue.description or {}),
        PRIORITIES[issue.priority],
        " ".join(sorted(issue.labels)),
        issue.assignee.name if issue.assignee else "",
        TYPES[issue.type],
    )
