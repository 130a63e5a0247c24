"""A person types a slash command."""

from typing import Any

from sandbox.reading import Refused, text
from sandbox.slack.answering import apply_answer, command_answer, whisper
from sandbox.slack.errors import SlackError
from sandbox.slack.parcel import Answer
from sandbox.slack.people import person, writable
from sandbox.slack.state import Channel, Json, User
from sandbox.slack.typing_text import command_text
from sandbox.slack.viewing import front_view
from sandbox.slack.workspaces import Slack
from sandbox.world import APP_ID


async def command(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{user, channel, text}`, and `command` when it is not `/incident`; the text may repeat the command."""
    user = person(slack, asked)
    channel = writable(slack, asked, user)
    name, typed = text(asked, "command", "/incident"), text(asked, "text", "").strip()
    if typed == name or typed.startswith(f"{name} "):
        typed = typed.removeprefix(name).strip()
    known = slack.installation.commands
    if (known is not None and name not in known) or "commands" not in slack.installation.scopes:
        raise Refused(f"{name} is not a valid command in this workspace", 404)
    trigger = slack.triggers.make(user.id)
    url = slack.response_urls.make(channel.id, user.id)
    fields = _fields(slack, user, channel, name, typed, trigger, url)
    answer = await slack.delivery.command(fields)
    shown = _show(slack, channel, user, name, url, answer)
    front = front_view(slack.workspace, user.id)
    opened = front.shown["id"] if front else None
    return {**answer.shown(), "trigger_id": trigger, "response_url": url, "view_id": opened, **shown}


def _show(slack: Slack, channel: Channel, user: User, name: str, url: str, answer: Answer) -> dict[str, Any]:
    """What the person sees then; a command that fails is not sent again."""
    if answer.failure:
        why = "operation_timeout" if answer.failure in ("http_timeout", "timeout") else "dispatch_failed"
        return {"error": why, "ts": whisper(slack, channel.id, user.id, f'{name} failed with the error "{why}"')}
    said = command_answer(answer.shown()["body"])
    if said is None:
        return {"ts": None}
    path = url.partition("/slack/response/")[2]
    try:
        return {"ts": apply_answer(slack, slack.response_urls.place(path), said)["ts"]}
    except SlackError as refused:
        ts = whisper(slack, channel.id, user.id, f'{name} failed with the error "{refused.code}"')
        return {"error": refused.code, "refused": refused.body(), "ts": ts}


def _fields(slack: Slack, user: User, channel: Channel, name: str, typed: str, trigger: str, url: str) -> Json:
    return {
        "token": "sandbox-verification-token",
        "team_id": slack.team.id,
        "team_domain": slack.team.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.direct else "privategroup" if channel.private else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": command_text(slack.workspace, typed, escape=slack.installation.escape),
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger,
    }
