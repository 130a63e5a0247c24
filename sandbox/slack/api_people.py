"""Web API: who we are, the people, the team."""

from sandbox.slack.context import Call, method
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import SPECIAL, TIER_2, TIER_3, TIER_4
from sandbox.slack.paging import page
from sandbox.slack.shapes import user_shape
from sandbox.slack.state import Json
from sandbox.world import APP_ID


@method("api.test", window=TIER_4, by="anybody")
def api_test(call: Call) -> Json:
    error = call.args.optional("error")
    if error is not None:
        raise SlackError(error, args=call.args.given)
    return {"args": call.args.given}


@method("auth.test", window=SPECIAL)
def auth_test(call: Call) -> Json:
    return {
        "url": f"{call.slack.sandbox.address}/",
        "team": call.workspace.team.name,
        "user": "tocsin",
        "team_id": call.workspace.team.id,
        "user_id": call.bot,
        "bot_id": call.workspace.team.bot_id,
        "app_id": APP_ID,
        "is_enterprise_install": False,
    }


@method("users.info", "users:read", window=TIER_4)
def info(call: Call) -> Json:
    return {"user": user_shape(call.user(call.args.text("user")), email=_sees_email(call))}


@method("users.list", "users:read", window=TIER_2)
def list_(call: Call) -> Json:
    part, cursor = page(call.args, list(call.workspace.users.values()), most=1000, default=1000)
    members = [user_shape(one, email=_sees_email(call)) for one in part]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


@method("users.lookupByEmail", "users:read.email", window=TIER_3)
def lookup_by_email(call: Call) -> Json:
    email = call.args.text("email").lower()
    for user in call.workspace.users.values():
        if user.email == email and not user.bot and user.id != "USLACKBOT":
            return {"user": user_shape(user, email=True)}
    raise SlackError("users_not_found")


@method("team.info", "team:read", window=TIER_3)
def team_info(call: Call) -> Json:
    address = f"{call.slack.sandbox.address}/"
    team = call.workspace.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "url": address, "icon": {}}}


def _sees_email(call: Call) -> bool:
    return "users:read.email" in call.slack.installation.scopes
