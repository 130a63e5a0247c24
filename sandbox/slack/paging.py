"""Lists in parts, with Slack's cursors."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from sandbox.slack.args import Args
from sandbox.slack.errors import SlackError

T = TypeVar("T")


def page(args: Args, whole: Sequence[T], *, most: int, default: int) -> tuple[list[T], str]:
    """The part asked for, and the cursor of the next one: empty at the end. Raises: SlackError."""
    limit = args.number("limit", default)
    if not 0 < limit <= most:
        raise SlackError("invalid_limit")
    start = _start(args.optional("cursor"))
    after = start + limit
    cursor = base64.b64encode(f"next:{after}".encode()).decode() if after < len(whole) else ""
    return list(whole[start:after]), cursor


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError) as error:
        raise SlackError("invalid_cursor") from error
