"""Web API: what an app does for itself, with its app-level token."""

from sandbox.slack.context import Call, method
from sandbox.slack.limits import TIER_3
from sandbox.slack.state import Json


@method("apps.connections.open", "connections:write", by="app", window=TIER_3)
def open_connection(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/apps.connections.open"""
    return {"url": call.slack.sockets.ticket_url()}
