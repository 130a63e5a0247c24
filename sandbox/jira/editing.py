"""Issues: create, read, edit, assign, delete (https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues)."""

from copy import deepcopy
from typing import Any

from sandbox.core import Sandbox
from sandbox.jira import fields as checks
from sandbox.jira.asked import Asked
from sandbox.jira.catalogue import BOT
from sandbox.jira.changes import changes
from sandbox.jira.document import taken
from sandbox.jira.issue import Comment, Issue
from sandbox.jira.refusal import JiraRefusal
from sandbox.jira.tracker import Tracker
from sandbox.jira.webhook import tell_updated
from sandbox.provider import Reply


class Editing:
    def __init__(self, tracker: Tracker, sandbox: Sandbox) -> None:
        self._tracker = tracker
        self._sandbox = sandbox

    def create(self, asked: Asked) -> Reply:
        given = dict(asked.part("fields"))
        checks.require(given)
        del given["project"]
        issue = Issue(id="", key="", type="", summary="")
        checks.write(issue, given, asked.version)
        properties = asked.json().get("properties") or []
        issue.properties = {one["key"]: one["value"] for one in properties}
        issue.id, issue.key = self._tracker.next_key()
        self._tracker.keep(issue)
        made = {"id": issue.id, "key": issue.key, "self": f"{asked.base}/issue/{issue.id}"}
        return Reply(made, 201, {"issue": issue.key, "summary": issue.summary})

    def read(self, asked: Asked, name: str) -> Reply:
        return Reply(self._tracker.find(name).as_json(asked.base, asked.version, asked.fields()))

    def edit(self, asked: Asked, name: str) -> Reply:
        issue = self._tracker.find(name)
        before = deepcopy(issue)
        after = deepcopy(issue)
        checks.write(after, asked.part("fields"), asked.version)
        self.update(after, asked)
        vars(issue).update(vars(after))
        return self.changed(asked, before, issue, {"issue": issue.key, "edited": sorted(asked.json())})

    def assign(self, asked: Asked, name: str) -> Reply:
        issue = self._tracker.find(name)
        before = deepcopy(issue)
        checks.write(issue, {"assignee": asked.json()}, asked.version)
        assignee = issue.assignee.account if issue.assignee else None
        return self.changed(asked, before, issue, {"issue": issue.key, "assignee": assignee})

    def delete(self, asked: Asked, name: str) -> Reply:
        issue = self._tracker.find(name)
        self._tracker.delete(issue)
        return Reply(b"", 204, {"issue": issue.key, "deleted": True})

    def changed(self, asked: Asked, before: Issue, issue: Issue, effect: dict[str, Any]) -> Reply:
        """Kept, indexed later, and told to whoever listens."""
        self._tracker.keep(issue)
        tell_updated(self._sandbox, issue, BOT, changes(before, issue), asked.base)
        return Reply(b"", 204, effect)

    def update(self, issue: Issue, asked: Asked) -> None:
        """The operations under `update`: labels one by one, a comment beside."""
        for name, operations in asked.part("update").items():
            if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
                raise JiraRefusal(400, "Can not deserialize instance of an update operation: it is an object.")
            for operation in operations:
                for verb, value in operation.items():
                    self._operate(issue, name, verb, value, asked.version)

    def _operate(self, issue: Issue, name: str, verb: str, value: Any, version: str) -> None:
        match name, verb:
            case "labels", "add":
                checks.write(issue, {"labels": [*issue.labels, value]}, version)
            case "labels", "remove":
                issue.labels = [label for label in issue.labels if label != value]
            case "comment", "add":
                issue.comments.append(Comment(self._tracker.next_id(), BOT, taken("comment", value["body"], version)))
            case _, "set":
                checks.write(issue, {name: value}, version)
            case _:
                raise JiraRefusal(400, fields={name: checks.NOT_ON_SCREEN.format(name=name)})
