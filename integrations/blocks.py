"""Block Kit within Slack's limits, and text from strangers that can neither ring nor format anything."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

Block = dict[str, Any]

MOST_BLOCKS = 50
MOST_CHARACTERS = 13_200
"""Over all blocks of one message; more is refused with `msg_blocks_too_long`."""
FOR_A_BLOCK = 125
SECTION = 3_000
HEADER = 150
BUTTON = 75
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
OPTION = 75
TOPIC = 250
MOST_OPTIONS = 50
"""Slack takes 100 in a menu, but not with the rest of a card in one message when their names are long."""
CUT = "… open in dashboard"

_LOUD = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Text for mrkdwn and for `text`: shown as written, without mentions, links or bells.

    Slack's control characters become entities (https://docs.slack.dev/messaging/formatting-message-text#escaping); a
    word joiner keeps `@channel` from being linked when a workspace turns names into links.
    """
    text = _CONTROL.sub(" ", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LOUD.sub("@\u2060", text)


def one_line(text: str) -> str:
    """The same words with single spaces, for a title or a list."""
    return " ".join(_CONTROL.sub(" ", text).split())


def cut(text: str, most: int, *, end: str = "…") -> str:
    """At most `most` characters, and never half an entity, link or mention at the end."""
    if len(text) <= most:
        return text
    kept = text[: most - len(end)]
    for opening, closing in (("<", ">"), ("&", ";")):
        start = kept.rfind(opening)
        if start > kept.rfind(closing) and closing in text[start:]:
            kept = kept[:start]
    return kept.rstrip() + end


def header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": cut(one_line(text), HEADER), "emoji": False}}


def section(mrkdwn: str) -> Block:
    """`mrkdwn` is ours: what came from people in it has been through `escape`."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(mrkdwn, SECTION, end=CUT)}}


def context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(mrkdwn, SECTION, end=CUT)}]}


def button(text: str, *, action: str, value: str, style: str | None = None, confirm: Block | None = None) -> Block:
    """`style` is `primary` or `danger`; None is the plain one. With `confirm` (`asked`) Slack asks before it is so."""
    made = {"type": "button", "action_id": action, "text": _plain(text, BUTTON), "value": value}
    return made | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def asked(title: str, text: str, *, yes: str, no: str) -> Block:
    """A question before something is done (https://docs.slack.dev/reference/block-kit/composition-objects)."""
    return {
        "title": _plain(title, CONFIRM_TITLE),
        "text": _plain(text, CONFIRM_TEXT),
        "confirm": _plain(yes, CONFIRM_BUTTON),
        "deny": _plain(no, CONFIRM_BUTTON),
    }


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": cut(one_line(text), most), "emoji": False}


def select(placeholder: str, *, action: str, options: Sequence[str], chosen: str | None) -> Block:
    """A menu whose options are their own values; `chosen` is offered even when it is not among them."""
    names = list(dict.fromkeys(options))[:MOST_OPTIONS]
    if chosen is not None and chosen not in names:
        names = [*names[: MOST_OPTIONS - 1], chosen]
    menu: Block = {
        "type": "static_select",
        "action_id": action,
        "placeholder": {"type": "plain_text", "text": cut(placeholder, HEADER), "emoji": False},
        "options": [_option(name) for name in names],
    }
    return menu if chosen is None else menu | {"initial_option": _option(chosen)}


def _option(name: str) -> Block:
    return {"text": {"type": "plain_text", "text": cut(one_line(name), OPTION), "emoji": False}, "value": name[:OPTION]}


def fit_blocks(blocks: Sequence[Block]) -> list[Block]:
    """The blocks that Slack takes in one message; what does not fit is left out, and a last line says so."""
    note = context(CUT)
    kept: list[Block] = []
    left = MOST_CHARACTERS - length(note)
    for block in blocks:
        left -= length(block)
        if left < 0 or len(kept) == MOST_BLOCKS:
            break
        kept.append(block)
    if len(kept) == len(blocks):
        return kept
    return [*kept[: MOST_BLOCKS - 1], note]


def length(block: Block) -> int:
    """At least what Slack counts, as far as people could measure it (https://github.com/slackapi/bolt-js/issues/2509):
    every text, written as JSON, and something for the block itself."""
    return FOR_A_BLOCK + sum(len(json.dumps(text, ensure_ascii=False)) + len(", ") for text in _texts(block))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
