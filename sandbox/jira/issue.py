"""An issue and how the API shows it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.jira.catalogue import (
    BOT,
    DEFAULT_PRIORITY,
    DONE,
    TO_DO,
    Status,
    User,
    priority_json,
    project_json,
    status_json,
    type_json,
    user_json,
)
from sandbox.jira.document import shown


def now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}+0000"


@dataclass
class Comment:
    id: str
    author: User
    body: dict[str, Any] | None
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)

    def as_json(self, issue: str, base: str, version: str) -> dict[str, Any]:
        return {
            "self": f"{base}/issue/{issue}/comment/{self.id}",
            "id": self.id,
            "author": user_json(self.author, base),
            "updateAuthor": user_json(self.author, base),
            "body": shown(self.body, version),
            "created": stamp(self.created),
            "updated": stamp(self.updated),
        }


@dataclass
class Issue:
    """`indexed` is when search will know its present state; `seen` is the state that search knows."""

    id: str
    key: str
    type: str
    summary: str
    description: dict[str, Any] | None = None
    priority: str = DEFAULT_PRIORITY
    labels: list[str] = field(default_factory=list)
    status: Status = TO_DO
    reporter: User | None = BOT
    assignee: User | None = None
    duedate: str | None = None
    comments: list[Comment] = field(default_factory=list)
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    related: list[dict[str, Any]] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    resolved: datetime | None = None

    def fields(self, base: str, version: str) -> dict[str, Any]:
        resolution = {"self": f"{base}/resolution/10000", "id": "10000", "name": "Done"}
        comments = [comment.as_json(self.id, base, version) for comment in self.comments]
        return {
            "summary": self.summary,
            "description": shown(self.description, version),
            "issuetype": type_json(self.type, base),
            "project": project_json(base),
            "priority": priority_json(self.priority, base),
            "labels": sorted(self.labels),
            "status": status_json(self.status, base),
            "creator": user_json(BOT, base),
            "reporter": user_json(self.reporter, base),
            "assignee": user_json(self.assignee, base),
            "duedate": self.duedate,
            "created": stamp(self.created),
            "updated": stamp(self.updated),
            "resolutiondate": stamp(self.resolved),
            "resolution": resolution if self.status == DONE else None,
            "comment": {"comments": comments, "total": len(comments), "maxResults": len(comments), "startAt": 0},
            "issuelinks": list(self.related),
        }

    def as_json(self, base: str, version: str, wanted: list[str] | None = None) -> dict[str, Any]:
        """`wanted` are field names, `*all`, `*navigable`, or names with a minus; None means all."""
        fields = self.fields(base, version)
        if wanted is not None and not {"*all", "*navigable"} & set(wanted):
            fields = {name: value for name, value in fields.items() if name in wanted}
        without = {name[1:] for name in wanted or [] if name.startswith("-")}
        kept = {name: value for name, value in fields.items() if name not in without}
        return {"expand": "", "id": self.id, "self": f"{base}/issue/{self.id}", "key": self.key, "fields": kept}
