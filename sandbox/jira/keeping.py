"""Jira's share of what outlives the process: every issue, and how far the numbers are."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import TypeAdapter

from sandbox.jira.issue import Issue
from sandbox.jira.tracker import Tracker
from sandbox.state import Records

COUNTERS = "counters"
ISSUE = TypeAdapter(Issue)
NAMES = ("issue", "from", "to")


class JiraState:
    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    def records(self, effect: Any, known: Collection[str]) -> Records:
        named = {effect[name] for name in NAMES if name in effect} if effect else None
        issues = {_key(issue): issue for issue in self._tracker.all()}
        gone: dict[str, str | None] = {key: None for key in known if key != COUNTERS and key not in issues}
        changed = {
            key: ISSUE.dump_json(issue).decode() for key, issue in issues.items() if named is None or issue.key in named
        }
        return {COUNTERS: json.dumps(self._tracker.counters), **changed, **gone}

    def restore(self, records: Mapping[str, str]) -> None:
        issues = [ISSUE.validate_json(text) for key, text in records.items() if key != COUNTERS]
        made, ids = json.loads(records.get(COUNTERS, "[0, 0]"))
        self._tracker.restore(sorted(issues, key=lambda issue: int(issue.id)), (int(made), int(ids)))


def _key(issue: Issue) -> str:
    return f"issue/{issue.id}"
