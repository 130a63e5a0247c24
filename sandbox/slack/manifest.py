"""What the app was installed with: scopes, subscribed events and commands, from `manifest.yml` when there is one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SCOPES = (
    "app_mentions:read",
    "bookmarks:read",
    "bookmarks:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
)


@dataclass
class Installation:
    """`events` and `commands` None: whatever there is. `escape`: a command's @name arrives as <@id|name>.

    `socket_mode`: the manifest switches it on; without, the first connection does.
    """

    scopes: frozenset[str] = frozenset(SCOPES)
    events: frozenset[str] | None = None
    commands: frozenset[str] | None = None
    escape: bool = True
    socket_mode: bool = False
    redirects: tuple[str, ...] = ()


def read_installation(path: Path | None) -> Installation:
    if path is None or not path.exists():
        return Installation()
    manifest: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    oauth = manifest.get("oauth_config", {})
    scopes = oauth.get("scopes", {})
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    commands = manifest.get("features", {}).get("slash_commands", [])
    return Installation(
        redirects=tuple(oauth.get("redirect_urls", [])),
        scopes=frozenset([*scopes.get("bot", []), *scopes.get("bot_optional", [])]),
        events=frozenset(events),
        commands=frozenset(one["command"] for one in commands),
        escape=any(one.get("should_escape") for one in commands),
        socket_mode=bool(manifest.get("settings", {}).get("socket_mode_enabled")),
    )
