"""A modal is submitted, and the app's answer closes it, changes it, or sends the person back to a field."""

import json
from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.parcel import Answer
from sandbox.slack.state import View
from sandbox.slack.view_check import checked_view
from sandbox.slack.viewing import change_view, close_all, close_view, push_view
from sandbox.slack.workspaces import Slack

TROUBLE = "We had some trouble connecting. Try again?"


def apply_submission(slack: Slack, view: View, answer: Answer) -> None:
    workspace = slack.workspace
    workspace.version += 1
    view.errors, view.trouble = {}, None
    said = _read(answer)
    if said is None:
        view.trouble = TROUBLE
        return
    try:
        match said.get("response_action"):
            case "errors":
                view.errors = dict(said.get("errors") or {})
            case "update":
                change_view(view, checked_view(said.get("view"), kinds=("modal",)))
            case "push":
                push_view(workspace, view, checked_view(said.get("view"), kinds=("modal",)))
            case "clear":
                close_all(workspace, view.user)
            case _:
                close_view(workspace, view)
    except SlackError as refused:
        view.trouble = f"{TROUBLE} ({json.dumps(refused.body())})"


def _read(answer: Answer) -> dict[str, Any] | None:
    """The app's answer as an object; empty when it said nothing, None when it did not answer as Slack wants."""
    if answer.failure:
        return None
    if not answer.body.strip():
        return {}
    try:
        said = json.loads(answer.body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
