"""A person clicks in a modal or home tab, submits a modal, closes it, or opens the home tab."""

from typing import Any

from sandbox.reading import Refused, text
from sandbox.slack.choosing import chosen, find_element
from sandbox.slack.form_state import filled, missing
from sandbox.slack.interactions import action, basics, in_view, interact
from sandbox.slack.people import answers, person
from sandbox.slack.state import Json, User, View
from sandbox.slack.submitting import apply_submission
from sandbox.slack.viewing import close_all, close_view, front_view
from sandbox.slack.workspaces import Slack


async def submit(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{user, view_id, values}`; the values by block or action id, as plain texts or as Slack's own state."""
    user = person(slack, asked)
    view = _in_front(slack, asked, user)
    if view.shown["submit"] is None:
        raise Refused("this view has no button to submit it", 409)
    _fill(view, asked)
    told = missing(view.shown["blocks"], view.shown["state"]["values"])
    if told:
        raise Refused("; ".join(told), 422)
    trigger = slack.triggers.make(user.id, view.shown["id"])
    payload = basics("view_submission", user, trigger) | {"view": view.shown, "response_urls": []}
    answer = await interact(slack, payload)
    apply_submission(slack, view, answer)
    front = front_view(slack.workspace, user.id)
    said: Json = {**answer.shown(), "view_id": front.shown["id"] if front else None, "open": view.open}
    return said | {"errors": view.errors, "trouble": view.trouble}


async def close(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{user, view_id, all?}`: `all` is the cross that closes the whole stack."""
    user = person(slack, asked)
    view = _in_front(slack, asked, user)
    cleared = bool(asked.get("all"))
    if cleared:
        close_all(slack.workspace, user.id)
    else:
        close_view(slack.workspace, view)
    if not view.shown["notify_on_close"]:
        return {"status": None, "body": "", "failure": None}
    payload = basics("view_closed", user, "") | {"view": view.shown, "is_cleared": cleared}
    return (await interact(slack, payload)).shown()


async def home(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{user}` opens the app's home tab."""
    user = person(slack, asked)
    known = slack.workspace.homes.get(user.id)
    said = await answers(slack, slack.events.home_opened(user.id, known.shown if known else None))
    shown = slack.workspace.homes.get(user.id)
    return {**said, "view_id": shown.shown["id"] if shown else None}


async def click_in_view(slack: Slack, asked: Json, user: User) -> dict[str, Any]:
    """`values`, when given, are what the person had filled in before the click."""
    view = slack.workspace.views.get(text(asked, "view_id"))
    if view is None or view.user != user.id or not view.open:
        raise Refused(f"{user.real_name} sees no view {asked['view_id']!r}", 404)
    _fill(view, asked)
    block, element = find_element(
        view.shown["blocks"], text(asked, "action_id"), asked.get("block_id"), asked.get("value")
    )
    choice = chosen(element, asked.get("value"))
    if element["type"] not in ("button", "overflow"):
        view.shown["state"]["values"][block["block_id"]][element["action_id"]] = choice
    trigger = slack.triggers.make(user.id, view.shown["id"])
    payload = basics("block_actions", user, trigger) | in_view(view)
    answer = await interact(slack, payload | {"actions": [action(slack, block, element, choice)]})
    front = front_view(slack.workspace, user.id)
    return {**answer.shown(), "trigger_id": trigger, "view_id": front.shown["id"] if front else None}


def _fill(view: View, asked: Json) -> None:
    values = asked.get("values") or {}
    if not isinstance(values, dict):
        raise Refused("'values' must be an object")
    before = view.shown["state"]["values"]
    view.shown["state"] = {"values": filled(view.shown["blocks"], before, values)}


def _in_front(slack: Slack, asked: Json, user: User) -> View:
    view_id = text(asked, "view_id")
    view = slack.workspace.views.get(view_id)
    if view is None or view.user != user.id or view.shown["type"] != "modal":
        raise Refused(f"{user.real_name} has no modal {view_id!r}", 404)
    if not view.open:
        raise Refused(f"the modal {view_id!r} is closed", 409)
    return view
