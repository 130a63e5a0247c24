"""What an administrator does with user groups."""

import re
import time
from typing import Any

from sandbox.reading import Refused, text
from sandbox.slack.people import person
from sandbox.slack.state import Json, UserGroup, new_id
from sandbox.slack.workspaces import Slack

HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,20}")


async def group(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{handle, name?, users?, disabled?, rename?}`: changes the group with that handle, or makes it.

    `users` are all of its people, `rename` is its new handle.
    """
    handle = text(asked, "handle").removeprefix("@")
    groups, now = slack.workspace.groups, int(time.time())
    known = next((one for one in groups.values() if one.handle == handle), None)
    found = known or UserGroup(new_id("S"), handle, handle, [], created=now, updated=now)
    renamed = str(asked.get("rename", handle)).removeprefix("@")
    if not HANDLE.fullmatch(renamed) or any(one.handle == renamed and one is not found for one in groups.values()):
        raise Refused(f"no group can have the handle {renamed!r}", 409)
    users = asked.get("users", found.users)
    if not isinstance(users, list):
        raise Refused("'users' is a list")
    found.users = [person(slack, {"user": one}).id for one in users]
    found.handle, found.name, found.updated = renamed, str(asked.get("name", found.name)), now
    if "disabled" in asked:
        found.disabled = now if asked["disabled"] else 0
    groups[found.id] = found
    slack.workspace.version += 1
    return {"group": found.id}
