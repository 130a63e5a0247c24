"""`/transitions`: what can be done with an issue now, and doing it."""

from copy import deepcopy

from sandbox.jira import fields as checks
from sandbox.jira.asked import Asked
from sandbox.jira.editing import Editing
from sandbox.jira.refusal import JiraRefusal
from sandbox.jira.tracker import Tracker
from sandbox.jira.workflow import move, offered
from sandbox.provider import Reply


class Moving:
    def __init__(self, tracker: Tracker, editing: Editing) -> None:
        self._tracker = tracker
        self._editing = editing

    def show(self, asked: Asked, name: str) -> Reply:
        ways = offered(self._tracker.find(name), asked.base)
        only = asked.query.get("transitionId")
        found = [way for way in ways if only in (None, way["id"])]
        return Reply({"expand": "transitions", "transitions": found})

    def make(self, asked: Asked, name: str) -> Reply:
        """No transition here has a screen, so no field can be set on the way."""
        issue = self._tracker.find(name)
        number = asked.part("transition").get("id")
        if number is None:
            raise JiraRefusal(400, "Missing 'transition' identifier")
        if on_the_way := asked.part("fields"):
            raise JiraRefusal(400, fields={field: checks.NOT_ON_SCREEN.format(name=field) for field in on_the_way})
        before, after = deepcopy(issue), deepcopy(issue)
        move(after, str(number))
        self._editing.update(after, asked)
        vars(issue).update(vars(after))
        return self._editing.changed(asked, before, issue, {"issue": issue.key, "status": issue.status.name})
