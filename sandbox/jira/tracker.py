"""All issues, and the index that search reads, which learns of a change only after a while."""

from copy import deepcopy
from datetime import datetime, timedelta

from sandbox.jira.issue import Issue, now
from sandbox.jira.refusal import NO_ISSUE, JiraRefusal
from sandbox.world import JIRA_PROJECT

INDEX_LAG = timedelta(seconds=2)
FIRST_ID = 10100
FIRST_THING = 20000


class Tracker:
    def __init__(self) -> None:
        self._issues: dict[str, Issue] = {}
        self._index: dict[str, Issue] = {}
        self._waiting: list[tuple[datetime, str, Issue | None]] = []
        self._made = self._ids = 0

    def reset(self) -> None:
        for kept in (self._issues, self._index, self._waiting):
            kept.clear()
        self._made = self._ids = 0

    @property
    def counters(self) -> tuple[int, int]:
        """How many issues were made, and how many other ids were given."""
        return self._made, self._ids

    def restore(self, issues: list[Issue], counters: tuple[int, int]) -> None:
        """Search knows of them at once."""
        self._issues = {issue.id: issue for issue in issues}
        self._index = deepcopy(self._issues)
        self._made, self._ids = counters

    def next_key(self) -> tuple[str, str]:
        self._made += 1
        return str(FIRST_ID + self._made), f"{JIRA_PROJECT}-{self._made}"

    def next_id(self) -> str:
        """For comments, links and whatever else has an id."""
        self._ids += 1
        return str(FIRST_THING + self._ids)

    def find(self, name: str) -> Issue:
        """By key or id. Raises: JiraRefusal 404."""
        for issue in self._issues.values():
            if name.upper() == issue.key or name == issue.id:
                return issue
        raise JiraRefusal(404, NO_ISSUE)

    def all(self) -> list[Issue]:
        return list(self._issues.values())

    def keep(self, issue: Issue) -> None:
        """A new issue, or a new state of one; search knows of it later."""
        if issue.id in self._issues:
            issue.updated = now()
        self._issues[issue.id] = issue
        self._waiting.append((now() + INDEX_LAG, issue.id, deepcopy(issue)))

    def delete(self, issue: Issue) -> None:
        del self._issues[issue.id]
        self._waiting.append((now() + INDEX_LAG, issue.id, None))

    def index(self) -> list[Issue]:
        """What search sees at this moment, newest first."""
        moment = now()
        while self._waiting and self._waiting[0][0] <= moment:
            _, number, state = self._waiting.pop(0)
            if state is None:
                self._index.pop(number, None)
            else:
                self._index[number] = state
        return sorted(self._index.values(), key=lambda issue: int(issue.id), reverse=True)
