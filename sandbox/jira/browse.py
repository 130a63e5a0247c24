"""What a person sees who follows a link to a ticket: `/browse/OPS-1`, without logging in."""

from html import escape

from sandbox.jira.catalogue import PRIORITIES
from sandbox.jira.document import to_text
from sandbox.jira.issue import Issue
from sandbox.jira.refusal import JiraRefusal
from sandbox.jira.tracker import Tracker
from sandbox.provider import Reply

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{key}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}
pre{{white-space:pre-wrap;font:inherit}}</style></head><body><main>
<p>Jira's stand-in: nobody's real ticket.</p><h1>{key} {summary}</h1>
<p>{status} · {priority} · {labels}</p><pre>{description}</pre>{comments}</main></body></html>"""


def browse(tracker: Tracker, path: str) -> Reply | None:
    """None when the path is not one of a ticket's page."""
    if not path.startswith("browse/"):
        return None
    try:
        page, status = _page(tracker.find(path.removeprefix("browse/"))), 200
    except JiraRefusal as refusal:
        page, status = escape(str(refusal)), refusal.status
    return Reply(page.encode(), status, media_type="text/html")


def _page(issue: Issue) -> str:
    comments = [f"<hr><pre>{escape(to_text(comment.body or {}))}</pre>" for comment in issue.comments]
    return _PAGE.format(
        key=issue.key,
        summary=escape(issue.summary),
        status=issue.status.name,
        priority=PRIORITIES[issue.priority],
        labels=escape(", ".join(sorted(issue.labels))),
        description=escape(to_text(issue.description or {})),
        comments="".join(comments),
    )
