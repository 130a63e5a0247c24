"""Whether somebody who acts in Slack is a full member of the workspace, as Slack says."""

import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
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
PATIENCE = 1.5
"""Seconds, whatever the network does: the person gets no answer of ours after three."""
MOST_KNOWN = 20_000

log = structlog.get_logger(__name__)


class Accounts:
    """Slack is asked once an hour for each person who is no member, and given a moment.

    When it cannot answer in that time, the person counts as a full member: an incident that nobody can acknowledge is
    worse than a guest who acknowledges one.
    """

    def __init__(self, token: str, *, address: str) -> None:
        self._client = WebClient(token, base_url=address, timeout=1, retry_handlers=[])
        self._asking = ThreadPoolExecutor(4, thread_name_prefix="accounts")
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        self._own: _Home | None = None
        self._trouble = -AFTER_TROUBLE
        self._lock = Lock()

    def asking(self, what: Acted) -> Acted:
        """The same command, click or event, by somebody of whom it can be asked."""
        return replace(what, user=replace(what.user, is_outsider=partial(self.is_outsider, what.user.id)))

    def is_outsider(self, user: str) -> bool:
        """Guests, bots and people of other workspaces are outsiders."""
        with self._lock:
            now = time.monotonic()
            at, outsider = self._known.get(user, (-KNOWN_FOR, False))
            if now - at < KNOWN_FOR or now - self._trouble < AFTER_TROUBLE:
                return outsider
        try:
            asked = self._asking.submit(self._asked, user).result(PATIENCE)
        except (SlackApiError, OSError, HTTPException, ValueError, AttributeError, TimeoutError) as error:
            log.warning("slack_does_not_say_who_that_is", user=user, reason=str(error) or type(error).__name__)
            with self._lock:
                self._trouble = time.monotonic()
            return outsider
        with self._lock:
            self._known[user] = (time.monotonic(), asked)
            self._known.move_to_end(user)
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
        return asked

    def _asked(self, user: str) -> bool:
        if self._own is None:
            own = self._client.auth_test()
            if not own.get("team_id"):
                raise ValueError("auth.test names no workspace")
            self._own = _Home(own["team_id"], own.get("enterprise_id"))
        try:
            found = self._client.users_info(user=user).get("user")
        except SlackApiError as error:
            if error.response.get("error") in ("user_not_found", "user_not_visible"):
                return True
            raise
        if not isinstance(found, dict) or found.get("id") != user:
            raise ValueError("users.info describes somebody else, or nobody")
        return not self._own.has(found)


@dataclass(frozen=True, slots=True)
class _Home:
    """Our workspace, and the organization of workspaces that it belongs to, if any."""

    team: str
    enterprise: str | None

    def has(self, user: dict[str, Any]) -> bool:
        """Whether that is a full member. Somebody of a shared channel is a user of another workspace.

        Source: https://docs.slack.dev/reference/objects/user-object
        """
        if any(user.get(name) for name in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")):
            return False
        enterprise = (user.get("enterprise_user") or {}).get("enterprise_id")
        return user.get("team_id") == self.team or (enterprise is not None and enterprise == self.enterprise)
