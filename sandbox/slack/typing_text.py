"""What a person types, as Slack turns it into message text or the text of a command."""

import re
from collections.abc import Callable

from sandbox.slack.state import Workspace

TOKEN = re.compile(r"<[@#]([UC][A-Z0-9]+)(?:\|[^>]*)?>")
NAME = re.compile(r"(?<![\w@.])@([a-z][\w.-]*\w|[a-z])", re.IGNORECASE)
CHANNEL = re.compile(r"(?<![\w#&/])#([a-z0-9][\w-]*)")
LINK = re.compile(r"https?://[^\s<>]+")
EVERYBODY = ("here", "channel", "everyone")


def message_text(workspace: Workspace, typed: str) -> str:
    """`@bea` becomes `<@U0BEA>`, `#general` its link, an address a link; `&`, `<` and `>` are escaped."""
    return _converted(typed, lambda part: _linked(workspace, part))


def command_text(workspace: Workspace, typed: str, *, escape: bool) -> str:
    """With `escape`, `@bea` becomes `<@U0BEA|bea>`; without, a name stays a name."""
    if not escape:
        return _escaped(TOKEN.sub(lambda found: _name(workspace, found), typed))
    return _converted(typed, lambda part: _named(workspace, part))


def _converted(typed: str, convert: Callable[[str], str]) -> str:
    """Escaped and converted between the mentions that are written as Slack's own already."""
    parts: list[str] = []
    at = 0
    for found in TOKEN.finditer(typed):
        parts += [convert(_escaped(typed[at : found.start()])), convert(found.group())]
        at = found.end()
    return "".join([*parts, convert(_escaped(typed[at:]))])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _linked(workspace: Workspace, part: str) -> str:
    if TOKEN.fullmatch(part):
        return part
    part = LINK.sub(lambda found: f"<{found.group()}>", part)
    part = NAME.sub(lambda found: _mention(workspace, found, "<@{known_id}>"), part)
    return CHANNEL.sub(lambda found: _channel(workspace, found), part)


def _named(workspace: Workspace, part: str) -> str:
    if TOKEN.fullmatch(part):
        known_id = TOKEN.sub(r"\1", part)
        thing = workspace.users.get(known_id) or workspace.channels.get(known_id)
        return f"<{part[1]}{known_id}|{thing.name}>" if thing else part
    part = NAME.sub(lambda found: _mention(workspace, found, "<@{known_id}|{name}>"), part)
    return CHANNEL.sub(lambda found: _channel(workspace, found), part)


def _mention(workspace: Workspace, found: re.Match[str], form: str) -> str:
    name = found.group(1).lower()
    if name in EVERYBODY:
        return f"<!{name}>"
    for user in workspace.users.values():
        if user.name == name:
            return form.format(known_id=user.id, name=user.name)
    return found.group()


def _channel(workspace: Workspace, found: re.Match[str]) -> str:
    channel = workspace.channel_named(found.group(1))
    return f"<#{channel.id}|{channel.name}>" if channel else found.group()


def _name(workspace: Workspace, found: re.Match[str]) -> str:
    known_id = found.group(1)
    if known_id in workspace.users:
        return f"@{workspace.users[known_id].name}"
    return f"#{workspace.channels[known_id].name}" if known_id in workspace.channels else found.group()
