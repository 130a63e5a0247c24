"""What hangs on an issue: comments, remote links, links to other issues, properties."""

import json
from typing import Any

from sandbox.jira.asked import Asked
from sandbox.jira.catalogue import BOT, LINK_TYPES
from sandbox.jira.document import taken
from sandbox.jira.issue import Comment, Issue, now
from sandbox.jira.refusal import JiraRefusal
from sandbox.jira.tracker import Tracker
from sandbox.provider import Reply


class Adding:
    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    def comments(self, asked: Asked, name: str) -> Reply:
        issue = self._tracker.find(name)
        rows = [comment.as_json(issue.id, asked.base, asked.version) for comment in issue.comments]
        return Reply({"comments": rows, "total": len(rows), "maxResults": max(len(rows), 50), "startAt": 0})

    def comment(self, asked: Asked, name: str) -> Reply:
        issue = self._tracker.find(name)
        comment = Comment(self._tracker.next_id(), BOT, _body(asked))
        issue.comments.append(comment)
        self._tracker.keep(issue)
        shown = comment.as_json(issue.id, asked.base, asked.version)
        return Reply(shown, 201, {"issue": issue.key, "comment": comment.id})

    def read_comment(self, asked: Asked, name: str, number: str) -> Reply:
        issue = self._tracker.find(name)
        return Reply(_find(issue, number).as_json(issue.id, asked.base, asked.version))

    def edit_comment(self, asked: Asked, name: str, number: str) -> Reply:
        issue = self._tracker.find(name)
        comment = _find(issue, number)
        comment.body, comment.updated = _body(asked), now()
        self._tracker.keep(issue)
        shown = comment.as_json(issue.id, asked.base, asked.version)
        return Reply(shown, effect={"issue": issue.key, "comment": number})

    def delete_comment(self, asked: Asked, name: str, number: str) -> Reply:
        issue = self._tracker.find(name)
        issue.comments.remove(_find(issue, number))
        self._tracker.keep(issue)
        return Reply(b"", 204, {"issue": issue.key, "comment": number, "deleted": True})

    def remote_links(self, asked: Asked, name: str) -> Reply:
        wanted = asked.query.get("globalId")
        links = [link for link in self._tracker.find(name).links.values() if wanted in (None, link.get("globalId"))]
        return Reply(links)

    def remote_link(self, asked: Asked, name: str) -> Reply:
        """The same `globalId` again changes the link that is there, with status 200."""
        issue = self._tracker.find(name)
        given = asked.json()
        about = given.get("object")
        wrong = {field: f"'{field}' is required." for field in ("url", "title") if not (about or {}).get(field)}
        if wrong:
            raise JiraRefusal(400, fields=wrong)
        known = next((one for one in issue.links.values() if given.get("globalId") == one["globalId"]), None)
        number = str(known["id"]) if known else self._tracker.next_id()
        address = f"{asked.base}/issue/{issue.key}/remotelink/{number}"
        link = {"id": int(number), "self": address, **given, "globalId": given.get("globalId", "")}
        issue.links[number] = link
        made = {"id": int(number), "self": address}
        return Reply(made, 200 if known else 201, {"issue": issue.key, "remotelink": int(number)})

    def link(self, asked: Asked) -> Reply:
        """https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-links."""
        kind = asked.part("type")
        number = next(
            (key for key, names in LINK_TYPES.items() if kind.get("name") in names or kind.get("id") == key), ""
        )
        if not number:
            raise JiraRefusal(404, f"No issue link type with name '{kind.get('name')}' found.")
        inward = self._tracker.find(str(asked.part("inwardIssue").get("key", "")))
        outward = self._tracker.find(str(asked.part("outwardIssue").get("key", "")))
        made = self._tracker.next_id()
        names = LINK_TYPES[number]
        shown = {"id": number, "name": names[0], "inward": names[1], "outward": names[2]}
        inward.related.append({"id": made, "type": shown, "outwardIssue": {"id": outward.id, "key": outward.key}})
        outward.related.append({"id": made, "type": shown, "inwardIssue": {"id": inward.id, "key": inward.key}})
        return Reply(b"", 201, {"link": made, "from": inward.key, "to": outward.key})

    def read_property(self, asked: Asked, name: str, key: str) -> Reply:
        issue = self._tracker.find(name)
        if key not in issue.properties:
            raise JiraRefusal(404, f"The property with key '{key}' does not exist.")
        return Reply({"key": key, "value": issue.properties[key]})

    def write_property(self, asked: Asked, name: str, key: str) -> Reply:
        issue = self._tracker.find(name)
        try:
            value: Any = json.loads(asked.body)
        except ValueError as error:
            raise JiraRefusal(400, "Invalid request payload. Refer to the REST API documentation.") from error
        new = key not in issue.properties
        issue.properties[key] = value
        return Reply(b"", 201 if new else 200, {"issue": issue.key, "property": key})


def _body(asked: Asked) -> dict[str, Any] | None:
    body = asked.json().get("body")
    if body in (None, ""):
        raise JiraRefusal(400, fields={"comment": "Comment body can not be empty!"})
    return taken("comment", body, asked.version)


def _find(issue: Issue, number: str) -> Comment:
    for comment in issue.comments:
        if comment.id == number:
            return comment
    raise JiraRefusal(404, f"Can not find a comment for the id: {number}.")
