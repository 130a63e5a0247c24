"""Web API: user groups, https://docs.slack.dev/reference/methods/usergroups.list."""

from sandbox.slack.context import Call, method
from sandbox.slack.limits import TIER_2
from sandbox.slack.state import Json, UserGroup


@method("usergroups.list", "usergroups:read", window=TIER_2)
def list_(call: Call) -> Json:
    wanted = [one for one in call.workspace.groups.values() if not one.disabled or call.args.flag("include_disabled")]
    return {"usergroups": [_shape(call, one) for one in wanted]}


def _shape(call: Call, group: UserGroup) -> Json:
    first = call.workspace.team.people[0].id
    shape: Json = {
        "id": group.id,
        "team_id": call.workspace.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": group.disabled,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": first,
        "updated_by": first,
        "deleted_by": first if group.disabled else None,
        "prefs": {"channels": [], "groups": []},
    }
    if call.args.flag("include_users"):
        shape["users"] = group.users
    if call.args.flag("include_count"):
        shape["user_count"] = len(group.users)
    return shape
