"""Jira among the sandbox's stand-ins, and what a person can do in it."""

from collections.abc import Mapping, Sequence
from copy import deepcopy

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.core import Sandbox
from sandbox.jira.browse import browse
from sandbox.jira.catalogue import USERS, WAYS
from sandbox.jira.changes import changes
from sandbox.jira.document import to_text
from sandbox.jira.endpoints import endpoints
from sandbox.jira.issue import Issue
from sandbox.jira.keeping import JiraState
from sandbox.jira.refusal import JiraRefusal
from sandbox.jira.rest import JiraRest
from sandbox.jira.tracker import Tracker
from sandbox.jira.webhook import tell_updated
from sandbox.jira.workflow import move, named
from sandbox.provider import Provider, Reply
from sandbox.reading import Refused, read_json, text


class JiraStandIn:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._tracker = Tracker()
        sandbox.state.join("jira", JiraState(self._tracker))
        self._address = f"{sandbox.address}/jira"

    @property
    def mounts(self) -> Mapping[str, Provider]:
        return {"/jira": JiraRest(self._address, endpoints(self._tracker, self._sandbox), self._page)}

    def control_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/control/jira/state", self._state),
            Route("/control/jira/transition", self._transition, methods=["POST"]),
        ]

    def reset(self) -> None:
        self._tracker.reset()

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    def _page(self, path: str) -> Reply | None:
        return browse(self._tracker, path)

    async def _state(self, request: Request) -> Response:
        return JSONResponse({"issues": [_shown(issue) for issue in self._tracker.all()]})

    async def _transition(self, request: Request) -> Response:
        """A person (Bea, or `user`) drags the card to the column with this name."""
        asked = await read_json(request)
        try:
            issue = self._tracker.find(text(asked, "key"))
        except JiraRefusal as refusal:
            raise Refused(str(refusal), 404) from refusal
        number, by = named(text(asked, "name")), text(asked, "user", "Bea").lower()
        who = next((user for user in USERS if by in (user.name.lower(), user.account.split(":")[-1].lower())), None)
        if who is None:
            raise Refused(f"nobody is called {by!r}")
        if number is None or number not in WAYS[issue.status]:
            raise Refused(f"{issue.key} cannot go from {issue.status.name} to {asked['name']!r}", 409)
        before = deepcopy(issue)
        move(issue, number)
        self._tracker.keep(issue)
        tell_updated(self._sandbox, issue, who, changes(before, issue), f"{self._address}/rest/api/2")
        return JSONResponse(_shown(issue))


def _shown(issue: Issue) -> dict[str, object]:
    fields = issue.fields("", "2")
    return {
        "key": issue.key,
        "summary": issue.summary,
        "description": fields["description"],
        "type": fields["issuetype"]["name"],
        "status": issue.status.name,
        "priority": fields["priority"]["name"],
        "labels": fields["labels"],
        "assignee": issue.assignee.name if issue.assignee else None,
        "comments": [to_text(comment.body or {}) for comment in issue.comments],
        "links": list(issue.links.values()),
        "created": fields["created"],
        "updated": fields["updated"],
    }
