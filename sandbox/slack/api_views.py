"""Web API: modals and home tabs."""

from sandbox.slack.context import Call, method
from sandbox.slack.errors import SlackError, invalid_arguments
from sandbox.slack.limits import TIER_4
from sandbox.slack.state import Json, View
from sandbox.slack.view_check import checked_view
from sandbox.slack.viewing import change_view, open_view, push_view

MODAL = ("modal",)
HOME = ("home",)


@method("views.open", window=TIER_4)
def open_(call: Call) -> Json:
    sent = _sent(call, MODAL)
    trigger = call.slack.triggers.use(_trigger(call))
    return _answer(call, open_view(call.workspace, trigger.user, sent))


@method("views.push", window=TIER_4)
def push(call: Call) -> Json:
    sent = _sent(call, MODAL)
    trigger = call.slack.triggers.use(_trigger(call))
    below = call.workspace.views.get(trigger.view or "")
    if below is None or not below.open:
        raise SlackError("not_found")
    return _answer(call, push_view(call.workspace, below, sent))


@method("views.update", window=TIER_4)
def update(call: Call) -> Json:
    sent = _sent(call, (*MODAL, *HOME))
    view = _found(call)
    known = call.args.optional("hash")
    if known is not None and known != view.shown["hash"]:
        raise SlackError("hash_conflict")
    return _answer(call, change_view(view, sent))


@method("views.publish", window=TIER_4)
def publish(call: Call) -> Json:
    user = call.user(call.args.text("user_id"))
    if user.bot:
        raise SlackError("not_enabled")
    sent = _sent(call, HOME)
    home = call.workspace.homes.get(user.id)
    if home is None:
        home = call.workspace.homes[user.id] = open_view(call.workspace, user.id, sent)
    return _answer(call, change_view(home, sent))


def _sent(call: Call, kinds: tuple[str, ...]) -> Json:
    return checked_view(call.args.structure("view", "invalid_arguments"), kinds=kinds)


def _trigger(call: Call) -> str:
    trigger = call.args.optional("trigger_id") or call.args.optional("interactivity_pointer")
    if trigger is None:
        raise invalid_arguments("missing required field: trigger_id")
    return trigger


def _found(call: Call) -> View:
    view_id, external = call.args.optional("view_id"), call.args.optional("external_id")
    for view in call.workspace.views.values():
        if view.open and (view.shown["id"] == view_id or (external and view.shown["external_id"] == external)):
            return view
    raise SlackError("not_found")


def _answer(call: Call, view: View) -> Json:
    call.effect = {"view": view.shown["id"], "user": view.user, "callback_id": view.shown["callback_id"]}
    return {"view": view.shown}
