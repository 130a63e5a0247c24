"""Moving an issue from status to status."""

from typing import Any

from sandbox.jira.catalogue import DONE, TRANSITIONS, WAYS, status_json
from sandbox.jira.issue import Issue, now
from sandbox.jira.refusal import JiraRefusal


def offered(issue: Issue, base: str) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "name": TRANSITIONS[number].name,
            "to": status_json(TRANSITIONS[number], base),
            "hasScreen": False,
            "isGlobal": False,
            "isInitial": False,
            "isConditional": False,
            "isAvailable": True,
            "fields": {},
        }
        for number in WAYS[issue.status]
    ]


def move(issue: Issue, number: str) -> None:
    """Raises: JiraRefusal 400 for a transition that does not lead away from here."""
    if number not in TRANSITIONS:
        raise JiraRefusal(400, f"Transition id '{number}' is not valid for this issue.")
    if number not in WAYS[issue.status]:
        text = f"It seems that you have tried to perform an illegal workflow operation: {TRANSITIONS[number].name}"
        raise JiraRefusal(400, f"{text} is no way on from {issue.status.name}.")
    issue.status = TRANSITIONS[number]
    issue.resolved = now() if issue.status == DONE else None


def named(name: str) -> str | None:
    """The transition to the status with this name."""
    for number, status in TRANSITIONS.items():
        if status.name.lower() == name.strip().lower():
            return number
    return None
