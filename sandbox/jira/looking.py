"""What can be looked up: search, the server, the project, what may be created, people, priorities."""

from typing import Any

from sandbox.jira.asked import Asked
from sandbox.jira.catalogue import (
    BOT,
    DONE,
    IN_PROGRESS,
    LINK_TYPES,
    PRIORITIES,
    PROJECT_ID,
    TO_DO,
    TYPES,
    USERS,
    priority_json,
    project_json,
    status_json,
    type_json,
    user_json,
)
from sandbox.jira.issue import now, stamp
from sandbox.jira.jql import search
from sandbox.jira.refusal import JiraRefusal
from sandbox.jira.tracker import Tracker
from sandbox.provider import Reply
from sandbox.world import JIRA_PROJECT

LARGEST_PAGE = 100
GONE = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline"
    " is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
FIELDS = ("summary", "issuetype", "project", "description", "priority", "labels", "assignee", "reporter", "duedate")
REQUIRED = frozenset({"summary", "issuetype", "project"})


class Looking:
    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    def search(self, asked: Asked) -> Reply:
        """Cloud has taken it away, in both versions: https://developer.atlassian.com/changelog/#CHANGE-2046."""
        raise JiraRefusal(410, GONE)

    def search_jql(self, asked: Asked) -> Reply:
        """Pages by token; without `fields` only the id comes; a query must restrict something."""
        found = search(_jql(asked), self._tracker.index())
        most = min(asked.number("maxResults", 50), LARGEST_PAGE)
        start = asked.number("nextPageToken", 0)
        wanted, page = asked.fields(), found[start : start + most]
        bare = [{"id": issue.id} for issue in page]
        rows = bare if wanted is None else [issue.as_json(asked.base, asked.version, wanted) for issue in page]
        last = start + most >= len(found)
        return Reply({"issues": rows, "isLast": last, **({} if last else {"nextPageToken": str(start + most)})})

    def count(self, asked: Asked) -> Reply:
        return Reply({"count": len(search(_jql(asked), self._tracker.index()))})

    def server(self, asked: Asked) -> Reply:
        return Reply(
            {
                "baseUrl": asked.base.split("/rest/")[0],
                "version": "1001.0.0-SNAPSHOT",
                "versionNumbers": [1001, 0, 0],
                "deploymentType": "Cloud",
                "buildNumber": 100290,
                "serverTime": stamp(now()),
                "serverTitle": "Sandbox",
            }
        )

    def myself(self, asked: Asked) -> Reply:
        return Reply(user_json(BOT, asked.base))

    def projects(self, asked: Asked) -> Reply:
        return Reply([project_json(asked.base)])

    def project(self, asked: Asked, name: str) -> Reply:
        _known(name)
        return Reply(project_json(asked.base) | {"issueTypes": _types(asked)})

    def statuses(self, asked: Asked, name: str) -> Reply:
        _known(name)
        statuses = [status_json(status, asked.base) for status in (TO_DO, IN_PROGRESS, DONE)]
        return Reply([kind | {"statuses": statuses} for kind in _types(asked)])

    def all_statuses(self, asked: Asked) -> Reply:
        return Reply([status_json(status, asked.base) for status in (TO_DO, IN_PROGRESS, DONE)])

    def issue_types(self, asked: Asked) -> Reply:
        return Reply(_types(asked))

    def fields(self, asked: Asked) -> Reply:
        rows = [
            {"id": name, "key": name, "name": name.capitalize(), "custom": False, "clauseNames": [name.lower()]}
            for name in FIELDS
        ]
        return Reply(rows)

    def priorities(self, asked: Asked) -> Reply:
        return Reply([priority_json(number, asked.base) for number in PRIORITIES])

    def link_types(self, asked: Asked) -> Reply:
        rows = [
            {"id": number, "name": names[0], "inward": names[1], "outward": names[2]}
            for number, names in LINK_TYPES.items()
        ]
        return Reply({"issueLinkTypes": rows})

    def labels(self, asked: Asked) -> Reply:
        known = sorted({label for issue in self._tracker.all() for label in issue.labels})
        return Reply({"maxResults": 1000, "startAt": 0, "total": len(known), "isLast": True, "values": known})

    def create_meta(self, asked: Asked) -> Reply:
        """https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-get."""
        return Reply({"expand": "projects", "projects": [project_json(asked.base) | {"issuetypes": _types(asked)}]})

    def create_meta_types(self, asked: Asked, name: str) -> Reply:
        _known(name)
        rows = _types(asked)
        return Reply({"issueTypes": rows, "startAt": 0, "maxResults": 50, "total": len(rows)})

    def create_meta_fields(self, asked: Asked, name: str, kind: str) -> Reply:
        _known(name)
        if kind not in TYPES:
            raise JiraRefusal(404, "Issue type not found")
        rows = [{"fieldId": field, "key": field, "name": field, "required": field in REQUIRED} for field in FIELDS]
        return Reply({"fields": rows, "startAt": 0, "maxResults": 50, "total": len(rows)})

    def users(self, asked: Asked) -> Reply:
        wanted = (asked.query.get("query") or asked.query.get("username") or "").lower()
        found = [user for user in USERS if wanted in user.name.lower() or wanted in user.mail.lower()]
        return Reply([user_json(user, asked.base) for user in found])


def _jql(asked: Asked) -> str:
    return str(asked.query.get("jql") or asked.json().get("jql") or "")


def _types(asked: Asked) -> list[dict[str, Any]]:
    return [type_json(number, asked.base) for number in TYPES]


def _known(name: str) -> None:
    if name not in (JIRA_PROJECT, PROJECT_ID):
        raise JiraRefusal(404, f"No project could be found with key '{name}'.")
