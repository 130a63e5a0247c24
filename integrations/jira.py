"""Jira as the tracker of work: the port `Tickets` over the jira library, on REST version 2, whose texts are plain."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import requests
from jira import JIRA, JIRAError

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Ticket
from integrations.addresses import checked
from integrations.http_trouble import happened, retry_after
from integrations.labels import belongs, outdated

_DONE = "done"
"""The key of Jira's status category for finished work; every status of every workflow belongs to a category."""
_PREFERRED = ("done", "resolved", "closed")

T = TypeVar("T")


class JiraTickets:
    """Each thread has a connection of its own, opened when it is first needed."""

    def __init__(
        self,
        url: str,
        user: str,
        api_token: str,
        *,
        project: str,
        issue_type: str = "Task",
        timeout: timedelta = timedelta(seconds=5),
    ) -> None:
        self._url = checked(url, setting="JIRA_URL")
        self._auth = (user, api_token)
        self._project = project
        self._issue_type = issue_type
        self._timeout = timeout
        self._local = threading.local()

    def create(
        self, *, label: str, summary: str, description: str, priority: str, labels: Sequence[str] = ()
    ) -> Ticket:
        """A project without that priority gets the ticket all the same."""
        fields = {
            "project": {"key": self._project},
            "issuetype": {"name": self._issue_type},
            "summary": _one_line(summary),
            "description": description,
            "labels": list(dict.fromkeys([label, *labels])),
        }
        made = _with_priority(priority, lambda chosen: self._jira.create_issue(fields | chosen, prefetch=False))
        return self._ticket(made.key)

    def find(self, *, label: str) -> Ticket | None:
        jql = f"project = {_quoted(self._project)} AND labels = {_quoted(label)} ORDER BY created ASC"
        found = _ask(lambda: self._search(jql))
        return self._ticket(_ask(lambda: self._jira.issue(found[0], fields="created").key)) if found else None

    def update(self, key: str, *, summary: str, description: str, priority: str, labels: Sequence[str]) -> None:
        """Labels are added and taken away one by one, so that those of other people are never written over."""
        issue = _ask(lambda: self._jira.issue(key, fields="labels"))
        current = _ask(lambda: issue.raw["fields"]["labels"])
        if not belongs(current, labels):
            raise PermanentError(f"{key} is not this incident's ticket any more: it lacks the label that says so")
        changes = [{"add": label} for label in labels if label not in current]
        changes += [{"remove": label} for label in outdated(current, labels)]
        fields = {"summary": _one_line(summary), "description": description}
        _with_priority(priority, lambda chosen: issue.update(fields=fields | chosen, update={"labels": changes}))

    def close(self, key: str) -> None:
        if self._category(key) != _DONE:
            self._move(key, lambda category: category == _DONE)

    def reopen(self, key: str) -> None:
        if self._category(key) == _DONE:
            self._move(key, lambda category: category != _DONE)

    def check(self) -> str:
        who = _ask(lambda: self._jira.myself()["displayName"])
        project = _ask(lambda: self._jira.project(self._project).name)
        return f"{who}, project {project}"

    @property
    def _jira(self) -> JIRA:
        if not hasattr(self._local, "jira"):
            self._local.jira = JIRA(
                self._url,
                basic_auth=self._auth,
                get_server_info=False,
                logging=False,
                max_retries=0,
                timeout=self._timeout.total_seconds(),
            )
        jira: JIRA = self._local.jira
        return jira

    def _search(self, jql: str) -> list[str]:
        """The first hit's id. Cloud has a search of its own, and only `serverInfo` tells whether this is Cloud."""
        jira = self._jira
        if jira.deploymentType is None:
            jira.deploymentType = jira.server_info()["deploymentType"]
        if jira.deploymentType == "Cloud":
            answer = jira.enhanced_search_issues(jql, maxResults=1, fields=[], json_result=True)
        else:
            answer = jira.search_issues(jql, maxResults=1, fields="created", json_result=True)
        return [str(issue["id"]) for issue in answer["issues"]]

    def _category(self, key: str) -> str:
        issue = _ask(lambda: self._jira.issue(key, fields="status"))
        return str(_ask(lambda: issue.raw["fields"]["status"]["statusCategory"]["key"]))

    def _move(self, key: str, fits: Callable[[str], bool]) -> None:
        """By name: the library sends an id as a number, where Jira's description wants a string."""
        names = _ask(
            lambda: [
                str(each["name"]) for each in self._jira.transitions(key) if fits(each["to"]["statusCategory"]["key"])
            ]
        )
        if not names:
            raise PermanentError(f"Jira's workflow has no step that {key} can take from where it is: move it by hand")
        names.sort(key=lambda name: name.lower() not in _PREFERRED)
        _ask(lambda: self._jira.transition_issue(key, names[0]))

    def _ticket(self, key: str) -> Ticket:
        return Ticket(key=key, url=f"{self._url}/browse/{key}")


class _RefusedError(PermanentError):
    def __init__(self, message: str, fields: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.fields = fields


def _with_priority(priority: str, send: Callable[[dict[str, Any]], T]) -> T:
    """A 400 changes nothing, so that the second request is not a repetition."""
    try:
        return _ask(lambda: send({"priority": {"name": priority}}))
    except _RefusedError as refusal:
        if "priority" not in refusal.fields:
            raise
    return _ask(lambda: send({}))


def _ask(request: Callable[[], T]) -> T:
    try:
        return request()
    except (JIRAError, requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _translate(error) from error


def _translate(error: Exception) -> TemporaryError | PermanentError:
    if isinstance(error, requests.RequestException) and not isinstance(error, ValueError):
        return TemporaryError(f"Jira did not answer: {type(error).__name__}", happened=happened(error))
    if not isinstance(error, JIRAError) or error.status_code is None:
        return TemporaryError(f"Jira's answer cannot be read: {type(error).__name__}")
    status: int = error.status_code
    if status == 429:
        headers = error.response.headers if error.response is not None else {}
        return TemporaryError("Jira wants fewer requests", retry_after=retry_after(headers), happened=False)
    if status >= 500 or status < 400:
        return TemporaryError(f"Jira could not do it (HTTP {status})")
    if status in (401, 403):
        return _RefusedError("Jira does not take our credentials: look at JIRA_USER and JIRA_API_TOKEN", {})
    return _RefusedError(f"Jira refused: {(error.text or 'no reason given')[:300]} (HTTP {status})", _fields(error))


def _fields(error: JIRAError) -> Mapping[str, Any]:
    """The fields that Jira complains about, by name."""
    try:
        told = error.response.json() if error.response is not None else {}
    except ValueError:
        return {}
    fields = told.get("errors") if isinstance(told, dict) else None
    return fields if isinstance(fields, dict) else {}


def _one_line(text: str) -> str:
    """Jira refuses a summary with a line break or with more than 255 characters."""
    return " ".join(text.split())[:255]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
