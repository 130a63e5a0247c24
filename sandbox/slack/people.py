"""Who acts, and where: names and ids are looked up, and a person can act only where Slack would let them."""

import asyncio
from typing import Any

from sandbox.reading import Refused, text
from sandbox.slack.api_members import enter
from sandbox.slack.args import Args
from sandbox.slack.context import Call
from sandbox.slack.events import Told
from sandbox.slack.parcel import Answer
from sandbox.slack.state import Channel, Json, Message, User
from sandbox.slack.workspaces import Slack


def person(slack: Slack, asked: Json) -> User:
    given = text(asked, "user").removeprefix("@")
    for user in slack.workspace.users.values():
        if given == user.id or given.lower() in (user.name, user.real_name.lower()):
            if user.bot or user.id == "USLACKBOT":
                raise Refused(f"{given} is a bot; only people act here", 403)
            return user
    raise Refused(f"there is no user {given!r}", 404)


def place(slack: Slack, asked: Json, user: User) -> Channel:
    """The channel, which the person joins when it is public; `tocsin` is the direct message to the bot."""
    given = text(asked, "channel").removeprefix("#").removeprefix("@")
    if given in ("tocsin", slack.team.bot_user):
        return slack.workspace.direct_channel((user.id,))
    channel = slack.workspace.channels.get(given) or slack.workspace.channel_named(given)
    if channel is None:
        raise Refused(f"there is no channel {given!r}", 404)
    if user.id in channel.members:
        return channel
    if channel.private or user.guest:
        raise Refused(f"{user.real_name} is not in #{channel.name}", 403)
    if not channel.archived:
        enter(Call(slack, "conversations.join", Args({})), channel, user.id)
    return channel


def writable(slack: Slack, asked: Json, user: User) -> Channel:
    channel = place(slack, asked, user)
    if channel.archived:
        raise Refused(f"#{channel.name} is archived", 409)
    return channel


def seen_message(channel: Channel, ts: str, user: User) -> Message:
    message = channel.messages.get(ts)
    if message is None or message.shown_to not in (None, user.id):
        raise Refused(f"{user.real_name} sees no message {ts!r} in #{channel.name}", 404)
    return message


async def answers(slack: Slack, told: Told) -> dict[str, Any]:
    """What the app said to each event, the first one on top. What happened is kept before the app hears of it."""
    slack.sandbox.state.keep("slack")
    got = [one for one in await asyncio.gather(*told, return_exceptions=True) if isinstance(one, Answer)]
    first = got[0].shown() if got else {"status": None, "body": "", "failure": None}
    return {**first, "deliveries": [{"event": one.method.removeprefix("event "), **one.shown()} for one in got]}
