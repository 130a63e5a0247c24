"""Modals are opened, pushed on one another, changed and closed."""

from sandbox.slack.errors import SlackError
from sandbox.slack.state import Json, View, Workspace, new_id
from sandbox.slack.view_check import returned_view

DEEPEST = 3


def open_view(workspace: Workspace, user: str, sent: Json) -> View:
    """A modal that is already in front of the person goes; Slack shows one stack at a time."""
    if sent["type"] == "modal":
        close_all(workspace, user)
    view_id = new_id("V")
    view = View(user, returned_view(sent, workspace.team, view_id=view_id, root=view_id), workspace.team)
    workspace.views[view_id] = view
    return view


def push_view(workspace: Workspace, below: View, sent: Json) -> View:
    """Raises: SlackError, when three are open already."""
    if len(below.stack) + 1 >= DEEPEST:
        raise SlackError("push_limit_reached")
    view_id = new_id("V")
    root, previous = below.shown["root_view_id"], below.shown["id"]
    shown = returned_view(sent, below.team, view_id=view_id, root=root, previous=previous)
    view = View(below.user, shown, below.team, stack=[*below.stack, below.shown["id"]])
    workspace.views[view_id] = view
    return view


def change_view(view: View, sent: Json) -> View:
    old = view.shown
    root, previous = old["root_view_id"], old["previous_view_id"]
    view.shown = returned_view(sent, view.team, view_id=old["id"], root=root, previous=previous)
    return view


def close_view(workspace: Workspace, view: View) -> View | None:
    """The view that lay under it, if any."""
    view.open = False
    return workspace.views[view.stack[-1]] if view.stack else None


def close_all(workspace: Workspace, user: str) -> None:
    for view in workspace.views.values():
        if view.user == user and view.shown["type"] == "modal":
            view.open = False


def front_view(workspace: Workspace, user: str) -> View | None:
    """The modal that the person sees."""
    covered = {view_id for view in workspace.views.values() if view.open for view_id in view.stack}
    for view_id, view in reversed(workspace.views.items()):
        if view.user == user and view.open and view.shown["type"] == "modal" and view_id not in covered:
            return view
    return None
