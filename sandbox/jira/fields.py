"""What Jira checks about the fields of an issue that is created or edited."""

from collections.abc import Callable
from typing import Any

from sandbox.jira.catalogue import PRIORITIES, PROJECT_ID, TYPES, user_of
from sandbox.jira.document import taken
from sandbox.jira.issue import Issue
from sandbox.jira.refusal import JiraRefusal
from sandbox.world import JIRA_PROJECT

LONGEST_SUMMARY = 255
LONGEST_LABEL = 255
NOT_ON_SCREEN = "Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."


def write(issue: Issue, fields: dict[str, Any], version: str) -> None:
    """All problems are told at once; nothing is written when there is one. Raises: JiraRefusal 400."""
    wrong: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, value in fields.items():
        read = _READ.get(name)
        if read is None:
            wrong[name] = NOT_ON_SCREEN.format(name=name)
            continue
        try:
            values[name] = read(value, version)
        except _WrongError as error:
            wrong[name] = str(error)
        except JiraRefusal as refusal:
            wrong |= refusal.body()["errors"]
            if not refusal.body()["errors"]:
                raise
    if wrong:
        raise JiraRefusal(400, fields=wrong)
    for name, value in values.items():
        setattr(issue, "type" if name == "issuetype" else name, value)


def require(fields: dict[str, Any]) -> None:
    """What a new issue cannot be without. Raises: JiraRefusal 400."""
    wrong: dict[str, str] = {}
    project = fields.get("project")
    if not isinstance(project, dict) or (project.get("key") != JIRA_PROJECT and str(project.get("id")) != PROJECT_ID):
        wrong["project"] = "Specify a valid project ID or key"
    if "issuetype" not in fields:
        wrong["issuetype"] = "Specify an issue type"
    if "summary" not in fields:
        wrong["summary"] = "You must specify a summary of the issue."
    if wrong:
        raise JiraRefusal(400, fields=wrong)


class _WrongError(Exception):
    """What is wrong about one value."""


def _summary(value: Any, version: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongError("You must specify a summary of the issue.")
    if "\n" in value or "\r" in value:
        raise _WrongError("The summary is invalid because it contains newline characters.")
    if len(value) > LONGEST_SUMMARY:
        raise _WrongError(f"Summary can't exceed {LONGEST_SUMMARY} characters.")
    return value


def labels(value: Any, version: str = "") -> list[str]:
    if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
        raise _WrongError("data was not an array of strings")
    for label in value:
        if " " in label or not label:
            raise _WrongError(f"The label '{label}' contains spaces which is invalid.")
        if len(label) > LONGEST_LABEL:
            raise _WrongError(f"The label '{label[:20]}…' exceeds the maximum length of {LONGEST_LABEL} characters.")
    return list(dict.fromkeys(value))


def _choice(value: Any, choices: dict[str, str], wrong: str) -> str:
    """An object with `id` or `name`, as the API takes it."""
    if isinstance(value, dict):
        for number, name in choices.items():
            if str(value.get("id", "")) == number or ("id" not in value and value.get("name") == name):
                return number
    raise _WrongError(wrong)


def _type(value: Any, version: str) -> str:
    return _choice(value, TYPES, "Specify a valid issue type")


def _priority(value: Any, version: str) -> str:
    asked = value.get("name", value.get("id")) if isinstance(value, dict) else value
    return _choice(value, PRIORITIES, f"Priority name '{asked}' is not valid")


def _user(value: Any, version: str) -> Any:
    """None takes it from everybody."""
    account = value.get("accountId", value.get("id")) if isinstance(value, dict) else value
    if account is None:
        return None
    found = user_of(account)
    if found is None:
        raise _WrongError(f"User '{account}' does not exist.")
    return found


def _date(value: Any, version: str) -> str | None:
    if value is not None and (not isinstance(value, str) or len(value.split("-")) != 3):
        raise _WrongError("Error parsing date string: " + str(value))
    return value if isinstance(value, str) else None


_READ: dict[str, Callable[[Any, str], Any]] = {
    "summary": _summary,
    "description": lambda value, version: taken("description", value, version),
    "labels": labels,
    "issuetype": _type,
    "priority": _priority,
    "assignee": _user,
    "reporter": _user,
    "duedate": _date,
}
