"""What Slack itself does in Socket Mode, on request: refresh connections, switch it on and off, deliver again now."""

from typing import Any

from sandbox.reading import Refused, number, text
from sandbox.slack.socket_door import WARNING_SECONDS
from sandbox.slack.state import Json
from sandbox.slack.workspaces import Slack

# How long after the announcement Slack closes.
REASONS = {"warning": WARNING_SECONDS, "refresh_requested": 0}


async def disconnect(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{reason?, connection?}`: `refresh_requested` closes at once, `warning` ten seconds later."""
    reason = text(asked, "reason", "refresh_requested")
    if reason not in REASONS:
        raise Refused(f"'reason' is one of {', '.join(REASONS)}")
    chosen = list(slack.sockets.connections)
    if "connection" in asked:
        chosen = [one for one in chosen if one.number == number(asked["connection"], "connection")]
    if not chosen:
        raise Refused("there is no such connection", 404)
    for connection in chosen:
        slack.sandbox.spawn(connection.disconnect(reason, REASONS[reason]))
    return {"disconnected": [one.number for one in chosen]}


async def socket_mode(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{enabled}`, as in the app's settings; switched off, what is connected is told `link_disabled`."""
    enabled = asked.get("enabled")
    if not isinstance(enabled, bool):
        raise Refused("'enabled' must be true or false")
    slack.sockets.switch = enabled
    if not enabled:
        for connection in list(slack.sockets.connections):
            slack.sandbox.spawn(connection.disconnect("link_disabled"))
    return connections(slack)


async def redeliver(slack: Slack, asked: Json) -> dict[str, Any]:
    """Events that wait for their next attempt, after a minute or five, come now."""
    slack.delivery.hurry()
    return {}


def connections(slack: Slack) -> dict[str, Any]:
    sockets = slack.sockets
    return {
        "enabled": sockets.used,
        "connections": [{"number": one.number, "host": one.host, "since": one.since} for one in sockets.connections],
    }
