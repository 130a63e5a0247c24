"""What Slack has to allow: scopes by method and event, and the app manifest that is made from these tables."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from types import MappingProxyType

from integrations.addresses import checked

METHODS = MappingProxyType(
    {
        "auth.test": None,
        "chat.postEphemeral": "chat:write",
        "chat.postMessage": "chat:write",
        "chat.update": "chat:write",
        "conversations.create": "channels:manage",
        "conversations.history": "channels:history",
        "conversations.invite": "channels:manage",
        "conversations.join": "channels:join",
        "conversations.list": "channels:read",
        "conversations.replies": "channels:history",
        "conversations.setTopic": "channels:manage",
        "pins.add": "pins:write",
        "usergroups.list": "usergroups:read",
        "users.info": "users:read",
    }
)
"""The Web API methods that we call, each with its scope (https://docs.slack.dev/reference/methods); None needs none."""

EVENTS = MappingProxyType(
    {
        "app_mention": "app_mentions:read",
        "reaction_added": "reactions:read",
        "reaction_removed": "reactions:read",
    }
)
"""The events that we subscribe to, each with its scope (https://docs.slack.dev/reference/events)."""

COMMAND = "/incident"


@dataclass(frozen=True, slots=True)
class Scope:
    """`purpose` is what does not work without it."""

    name: str
    purpose: str
    required: bool = True


SCOPES = (
    Scope("commands", "the command /incident"),
    Scope("chat:write", "posts the card and keeps it true"),
    Scope("reactions:read", "a reaction on the card corrects the category or acknowledges"),
    Scope("users:read", "shows people by their names"),
    Scope("app_mentions:read", "a mention of the bot declares an incident", required=False),
    Scope("channels:manage", "opens #incident-42, sets its topic and invites people", required=False),
    Scope("channels:read", "finds our channel again when Slack's answer was lost", required=False),
    Scope("channels:history", "finds our message again when Slack's answer was lost", required=False),
    Scope("channels:join", "answers in public channels that nobody invited the bot to", required=False),
    Scope("pins:write", "pins the card in its channel", required=False),
    Scope("usergroups:read", "a policy calls the people of a user group by turns", required=False),
)


def missing(granted: Collection[str]) -> list[Scope]:
    """The scopes that an installation lacks, each with what does not work because of it."""
    return [scope for scope in SCOPES if scope.name not in granted]


def manifest(public_url: str, *, socket_mode: bool = False) -> str:
    """The app manifest as YAML (https://docs.slack.dev/reference/app-manifest). Raises: PermanentError."""
    address = f"{checked(public_url, setting='PUBLIC_URL')}/slack/events"
    lines = [
        "# Made by `python -m app manifest`; change integrations/slack_manifest.py, not this file.",
        "display_information:",
        "  name: Tocsin",
        "  description: Declares incidents, finds out what they are, and pages who is on duty.",
        '  background_color: "#8a1c1c"',
        "features:",
        "  bot_user:",
        "    display_name: tocsin",
        "    always_online: true",
        "  slash_commands:",
        f"    - command: {COMMAND}",
        f"      url: {json.dumps(address)}",
        "      description: Declare an incident, or work on one",
        '      usage_hint: "what is happening | list | ack | oncall | help"',
        "      should_escape: true",
        "oauth_config:",
        "  scopes:",
        "    bot:",
        *(f"      - {scope.name}  # {scope.purpose}" for scope in SCOPES),
        "    bot_optional:  # Whoever installs the app may leave these out; what each is for then stays off.",
        *(f"      - {scope.name}" for scope in SCOPES if not scope.required),
        "settings:",
        "  event_subscriptions:",
        f"    request_url: {json.dumps(address)}",
        "    bot_events:",
        *(f"      - {event}" for event in EVENTS),
        "  interactivity:",
        "    is_enabled: true",
        f"    request_url: {json.dumps(address)}",
        "  org_deploy_enabled: false",
        f"  socket_mode_enabled: {json.dumps(socket_mode)}",
        "  token_rotation_enabled: false",
    ]
    return "\n".join(lines) + "\n"
