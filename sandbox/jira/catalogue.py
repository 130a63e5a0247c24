"""What the project knows: issue types, priorities, statuses with their categories, the ways between them, people."""

from dataclasses import dataclass
from typing import Any

from sandbox.world import JIRA_PROJECT, JIRA_USER, PEOPLE

PROJECT_ID = "10000"
TYPES = {"10001": "Task", "10002": "Bug", "10003": "Story", "10004": "Incident", "10005": "Epic"}
PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}
LINK_TYPES = {"10100": ("Blocks", "is blocked by", "blocks"), "10101": ("Relates", "relates to", "relates to")}
DEFAULT_PRIORITY = "3"


@dataclass(frozen=True)
class Status:
    id: str
    name: str
    category: str


TO_DO = Status("10010", "To Do", "new")
IN_PROGRESS = Status("10011", "In Progress", "indeterminate")
DONE = Status("10012", "Done", "done")
_CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
TRANSITIONS = {"11": TO_DO, "21": IN_PROGRESS, "31": DONE}
WAYS = {TO_DO: ("21", "31"), IN_PROGRESS: ("11", "31"), DONE: ("11",)}
"""From where which transitions can be made: what is done must be reopened before it goes on."""


@dataclass(frozen=True)
class User:
    account: str
    name: str
    mail: str


BOT = User("5b10a2844c20165700ede21g", "Tocsin", JIRA_USER)
USERS = (
    BOT,
    *(User(f"557058:{person.name}", person.real_name, f"{person.name}@example.com") for person in PEOPLE),
)


def user_of(account: object) -> User | None:
    return next((user for user in USERS if user.account == account), None)


def status_json(status: Status, base: str) -> dict[str, Any]:
    number, name, colour = _CATEGORIES[status.category]
    category = {"id": number, "key": status.category, "colorName": colour, "name": name}
    return {"self": f"{base}/status/{status.id}", "id": status.id, "name": status.name, "statusCategory": category}


def priority_json(number: str, base: str) -> dict[str, Any]:
    return {"self": f"{base}/priority/{number}", "id": number, "name": PRIORITIES[number]}


def type_json(number: str, base: str) -> dict[str, Any]:
    return {"self": f"{base}/issuetype/{number}", "id": number, "name": TYPES[number], "subtask": False}


def user_json(user: User | None, base: str) -> dict[str, Any] | None:
    if user is None:
        return None
    return {
        "self": f"{base}/user?accountId={user.account}",
        "accountId": user.account,
        "accountType": "atlassian",
        "displayName": user.name,
        "emailAddress": user.mail,
        "active": True,
    }


def project_json(base: str) -> dict[str, Any]:
    return {"self": f"{base}/project/{PROJECT_ID}", "id": PROJECT_ID, "key": JIRA_PROJECT, "name": "Operations"}
