"""Slack's markup as plain text: what a person meant to say, for titles, triage and the phone.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable

_MARKED = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")


def plain(text: str, *, name_of: Callable[[str], str | None]) -> str:
    """`name_of` gives the name behind a user's id when it is known."""

    def shown(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        if sign == "@":
            return f"@{label or name_of(target) or target}"
        if sign == "#":
            return f"#{label or target}"
        if sign == "!":
            return _special(target, label)
        return label or target.removeprefix("mailto:").removeprefix("tel:")

    return _unescaped(_MARKED.sub(shown, text)).strip()


def without_mention(text: str, user: str | None) -> str:
    """The text without the mention of that user; without any leading mention when the user is not known."""
    named = rf"<@{re.escape(user)}(?:\|[^>]*)?>" if user else r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>"
    return re.sub(rf"{named}(?:\s*[:,](?=\s|$))?", " ", text).strip()


def _special(target: str, label: str | None) -> str:
    """`<!here>`, `<!subteam^S1|@oncall>`, `<!date^1392734382^{date}|18 February>`."""
    if target.startswith("date^"):
        return label or ""
    return "@" + (label or target.split("^")[0]).removeprefix("@")


def _unescaped(text: str) -> str:
    """The three characters that Slack escapes, and no others: `&copy;` is what somebody typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
