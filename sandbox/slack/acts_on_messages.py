"""A person writes, reacts, clicks on a message, or uses a shortcut."""

from typing import Any

from sandbox.reading import Refused, text
from sandbox.slack.acts_on_views import click_in_view
from sandbox.slack.answering import whisper
from sandbox.slack.api_reactions import take_back
from sandbox.slack.choosing import chosen, find_element
from sandbox.slack.emoji import is_emoji
from sandbox.slack.form_state import held
from sandbox.slack.interactions import action, basics, in_message, interact, on_message
from sandbox.slack.people import answers, person, seen_message, writable
from sandbox.slack.state import Json, Message
from sandbox.slack.typing_text import message_text
from sandbox.slack.viewing import front_view
from sandbox.slack.workspaces import Slack


async def message(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{user, channel, text, thread_ts?}`; `@tocsin` in the text mentions the bot."""
    user = person(slack, asked)
    channel = writable(slack, asked, user)
    typed = text(asked, "text")
    if not typed.strip():
        raise Refused("'text' is empty")
    thread = asked.get("thread_ts")
    if thread is not None:
        parent = seen_message(channel, str(thread), user)
        thread = parent.thread_ts or parent.ts
    said = Message(slack.workspace.new_ts(), user.id, message_text(slack.workspace, typed), thread_ts=thread)
    channel.messages[said.ts] = said
    slack.workspace.version += 1
    return {"channel": channel.id, "ts": said.ts, **await answers(slack, slack.events.posted(channel, said))}


async def react(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{user, channel, ts, name, remove?}`."""
    user = person(slack, asked)
    channel = writable(slack, asked, user)
    on = seen_message(channel, text(asked, "ts"), user)
    name = text(asked, "name").strip(":")
    if not is_emoji(name):
        raise Refused(f"there is no emoji {name!r}")
    if on.shown_to:
        raise Refused("nobody can react to a message that only one person sees", 409)
    users = on.reactions.get(name, [])
    removed = bool(asked.get("remove"))
    if removed != (user.id in users):
        raise Refused(f"{user.real_name} has {'not ' if removed else ''}reacted with {name!r} there", 409)
    if removed:
        take_back(on, user.id, name)
    else:
        on.reactions[name] = [*users, user.id]
    slack.workspace.version += 1
    told = slack.events.reacted(channel, on, user.id, name, removed=removed)
    return {"channel": channel.id, "ts": on.ts, **await answers(slack, told)}


async def click(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{user, channel, ts, action_id, value?, block_id?}`; in a modal or home tab `view_id` instead of the message."""
    user = person(slack, asked)
    if asked.get("view_id"):
        return await click_in_view(slack, asked, user)
    channel = writable(slack, asked, user)
    on = seen_message(channel, text(asked, "ts"), user)
    block, element = find_element(on.blocks, text(asked, "action_id"), asked.get("block_id"), asked.get("value"))
    choice = chosen(element, asked.get("value"))
    trigger = slack.triggers.make(user.id)
    where, url = in_message(slack, channel, on, user)
    picked = {block["block_id"]: {element["action_id"]: choice}}
    payload = basics("block_actions", user, trigger) | where
    payload |= {"state": {"values": held(on.blocks, picked)}, "actions": [action(slack, block, element, choice)]}
    answer = await interact(slack, payload)
    if answer.failure:
        whisper(slack, channel.id, user.id, "This app is not responding. Try again?", on.thread_ts)
    front = front_view(slack.workspace, user.id)
    opened = front.shown["id"] if front else None
    return {**answer.shown(), "trigger_id": trigger, "response_url": url, "view_id": opened}


async def shortcut(slack: Slack, asked: Json) -> dict[str, Any]:
    """`{user, callback_id}` for a global one; with `channel` and `ts` the one on a message."""
    user = person(slack, asked)
    trigger = slack.triggers.make(user.id)
    ids = {"callback_id": text(asked, "callback_id"), "action_ts": slack.workspace.new_ts()}
    if asked.get("ts"):
        channel = writable(slack, asked, user)
        on = seen_message(channel, text(asked, "ts"), user)
        payload = basics("message_action", user, trigger) | ids | on_message(slack, channel, on, user)
    else:
        payload = basics("shortcut", user, trigger) | ids
    answer = await interact(slack, payload)
    front = front_view(slack.workspace, user.id)
    return {**answer.shown(), "trigger_id": trigger, "view_id": front.shown["id"] if front else None}
