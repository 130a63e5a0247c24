"""Whether somebody who acts in Slack is a full member of the workspace, as Slack says."""

import time
from collections import OrderedDict
from dataclasses import replace
from functools import partial
from http.client import HTTPException
from threading import Lock
from typing import Any, TypeVar

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clicks import Click
from bot.commands import Asked
from bot.events import Mention, Reaction

Acted = TypeVar("Acted", Asked, Click, Mention, Reaction)

KNOWN_FOR = 3600.0
"""Seconds after which Slack is asked anew."""
AFTER_TROUBLE = 30.0
"""Seconds in which Slack is not asked when it could not answer."""
MOST_KNOWN = 20_000

log = structlog.get_logger(__name__)


class Accounts:
    """Slack is asked once an hour for each person who is no member, and given a second.

    When it cannot answer in that time, the person counts as a full member: an incident that nobody can acknowledge is
    worse than a guest who acknowledges one.
    """

    def __init__(self, token: str, *, address: str) -> None:
        self._client = WebClient(token, base_url=address, timeout=1, retry_handlers=[])
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        self._trouble = -AFTER_TROUBLE
        self._lock = Lock()

    def asking(self, what: Acted) -> Acted:
        """The same command, click or event, by somebody of whom it can be asked."""
        return replace(what, user=replace(what.user, is_outsider=partial(self.is_outsider, what.user.id)))

    def is_outsider(self, user: str) -> bool:
        """Guests, bots and people of other workspaces are outsiders."""
        now = time.monotonic()
        with self._lock:
            at, outsider = self._known.get(user, (-KNOWN_FOR, False))
            if now - at < KNOWN_FOR or now - self._trouble < AFTER_TROUBLE:
                return outsider
        asked = self._asked(user)
        with self._lock:
            if asked is None:
                self._trouble = now
                return outsider
            self._known[user] = (now, asked)
            self._known.move_to_end(user)
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
        return asked

    def _asked(self, user: str) -> bool | None:
        try:
            found = self._client.users_info(user=user).get("user")
        except SlackApiError as error:
            code = error.response.get("error") if isinstance(error.response.data, dict) else None
            if code in ("user_not_found", "user_not_visible"):
                return True
            log.warning("slack_does_not_say_who_that_is", user=user, reason=code or "no JSON")
            return None
        except (OSError, HTTPException, ValueError) as error:
            log.warning("slack_does_not_say_who_that_is", user=user, reason=str(error))
            return None
        return _is_outsider(found if isinstance(found, dict) else {})


def _is_outsider(user: dict[str, Any]) -> bool:
    """Source: https://docs.slack.dev/reference/objects/user-object"""
    return any(user.get(name) for name in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted"))
