"""Slack's markup as plain text: what a person meant to say, for titles, triage and the phone.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import html
import re
from collections.abc import Callable

_MARKED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def plain(text: str, *, name_of: Callable[[str], str | None]) -> str:
    """`name_of` gives the name behind a user's id when it is known."""

    def shown(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        if sign == "@":
            return f"@{label or name_of(target) or target}"
        if sign == "#":
            return f"#{label or target}"
        if sign == "!":
            return f"@{label or target.split('^')[0]}"
        return label or target.removeprefix("mailto:").removeprefix("tel:")

    return html.unescape(_MARKED.sub(shown, text)).strip()


def without_mention(text: str, user: str | None) -> str:
    """The text without the mention of that user; without any leading mention when the user is not known."""
    pattern = rf"<@{re.escape(user)}(?:\|[^>]*)?>" if user else r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>"
    return re.sub(pattern, " ", text).strip(" \t\n:,")
