"""What an administrator does with our app, and what time does with its OAuth codes."""

from typing import Any

from sandbox.reading import Refused
from sandbox.slack.state import Json
from sandbox.slack.workspaces import Slack


async def uninstall(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{}`: removed from the workspace, as on the page where administrators manage apps."""
    if slack.token is None:
        raise Refused(f"our app is not installed in {slack.team.name}", 409)
    slack.revoke(uninstalled=True)
    return {"team": slack.team.id}


async def expire_codes(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{}`: ten minutes pass for the OAuth codes that are out."""
    slack.workspaces.codes.expire()
    return {}
