"""Slack as the place where people work on an incident together: the port `Chat` over slack_sdk's WebClient."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Channel, Group, Message
from integrations.addresses import checked
from integrations.http_trouble import happened, retry_after
from integrations.slack_manifest import missing

EVENT_TYPE = "tocsin"
_PAGE = 200
_MOST_NAMES = 20
_RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
_TEMPORARY = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"})
_CANNOT_COME = frozenset(
    {
        "already_in_channel",
        "cant_invite",
        "cant_invite_self",
        "user_disabled",
        "user_is_restricted",
        "user_is_ultra_restricted",
        "user_not_found",
        "user_team_not_in_channel",
        "ura_max_channels",
    }
)
_BAD_TOKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})


class _RefusedError(PermanentError):
    """Slack's own word for why it did nothing, for those who know what to do about it."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class SlackChat:
    """A channel's id is Slack's. Its methods may be called from any thread."""

    def __init__(self, token: str, *, base_url: str | None = None, timeout: timedelta = timedelta(seconds=5)) -> None:
        self._client = WebClient(
            token=token,
            base_url=checked(base_url or WebClient.BASE_URL, setting="SLACK_API_URL") + "/",
            timeout=max(1, round(timeout.total_seconds())),
            retry_handlers=[],
        )

    def open_channel(self, name: str) -> Channel:
        for candidate in [name, *(f"{name}-{suffix}" for suffix in range(2, _MOST_NAMES))]:
            try:
                return _channel(_ask(self._client.conversations_create, name=candidate).get("channel"))
            except _RefusedError as refusal:
                if refusal.code != "name_taken":
                    raise
            ours = self._own_channel(candidate)
            if ours is not None:
                return ours
        raise PermanentError(f"all names from #{name} to #{name}-{_MOST_NAMES - 1} are taken in Slack")

    def set_topic(self, channel: str, topic: str) -> None:
        _ask(self._client.conversations_setTopic, channel=channel, topic=topic)

    def invite(self, channel: str, users: Iterable[str]) -> None:
        """One by one: a list is refused as a whole for one member who cannot come."""
        for user in users:
            try:
                _ask(self._client.conversations_invite, channel=channel, users=user)
            except _RefusedError as refusal:
                if refusal.code not in _CANNOT_COME:
                    raise

    def name_of(self, user: str) -> str | None:
        try:
            found = _ask(self._client.users_info, user=user).get("user") or {}
        except _RefusedError as refusal:
            if refusal.code in ("user_not_found", "user_not_visible", "missing_scope"):
                return None
            raise
        profile = found.get("profile") or {}
        return profile.get("display_name") or found.get("real_name") or found.get("name") or None

    def groups(self) -> list[Group]:
        """Slack leaves out those that are disabled."""
        found = _ask(self._client.usergroups_list, include_users=True).get("usergroups")
        return [_group(each) for each in _list(found)]

    def post(self, channel: str, message: Message, *, mark: str, thread: str | None = None) -> str:
        """A public channel that we are not in yet is joined first: a pointer goes to wherever the report came from."""
        try:
            return self._post(channel, message, mark, thread)
        except _RefusedError as refusal:
            if refusal.code != "not_in_channel":
                raise
        _ask(self._client.conversations_join, channel=channel)
        return self._post(channel, message, mark, thread)

    def find_post(self, channel: str, *, mark: str, since: datetime, thread: str | None = None) -> str | None:
        """`since` is compared with Slack's clock, which is not ours: the caller allows for the difference."""
        for message in self._messages(channel, since=since, thread=thread):
            metadata = message.get("metadata") or {}
            marked = metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("mark") == mark
            if marked and message.get("user") == self._user:
                return str(message["ts"])
        return None

    def edit(self, channel: str, timestamp: str, message: Message) -> None:
        _ask(self._client.chat_update, channel=channel, ts=timestamp, text=message.text, blocks=message.blocks)

    def pin(self, channel: str, timestamp: str) -> None:
        try:
            _ask(self._client.pins_add, channel=channel, timestamp=timestamp)
        except _RefusedError as refusal:
            if refusal.code != "already_pinned":
                raise

    def check(self) -> str:
        """Names the scopes that the token lacks, and what is off without them."""
        answer = _ask(self._client.auth_test)
        granted = {scope.strip() for scope in _headers(answer).get("x-oauth-scopes", "").split(",")}
        off = [f"lacks {scope.name} ({scope.purpose})" for scope in missing(granted)]
        return "; ".join([f"{answer.get('user')} in {answer.get('team')}", *off])

    @cached_property
    def _user(self) -> str:
        return _text(_ask(self._client.auth_test).get("user_id"))

    def _post(self, channel: str, message: Message, mark: str, thread: str | None) -> str:
        answer = _ask(
            self._client.chat_postMessage,
            channel=channel,
            text=message.text,
            blocks=message.blocks or None,
            thread_ts=thread,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"mark": mark}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return _text(answer.get("ts"))

    def _own_channel(self, name: str) -> Channel | None:
        """The channel of that name that is still in use and that our bot created."""
        pages = self._pages(
            self._client.conversations_list, "channels", types="public_channel", exclude_archived=True, limit=999
        )
        for channel in pages:
            if channel["name"] == name:
                ours = channel.get("creator") == self._user
                return _channel(channel) if ours else None
        return None

    def _messages(self, channel: str, *, since: datetime, thread: str | None) -> Iterator[dict[str, Any]]:
        wanted = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "inclusive": True, "limit": _PAGE}
        if thread is None:
            return self._pages(self._client.conversations_history, "messages", include_all_metadata=True, **wanted)
        return self._pages(
            self._client.conversations_replies, "messages", include_all_metadata=True, ts=thread, **wanted
        )

    def _pages(self, method: Callable[..., SlackResponse], items: str, **wanted: Any) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while cursor != "":
            answer = _ask(method, cursor=cursor, **wanted)
            yield from answer.get(items) or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""


def _ask(method: Callable[..., SlackResponse], **parameters: Any) -> SlackResponse:
    try:
        return method(**parameters)
    except (SlackClientError, OSError, HTTPException, UnicodeDecodeError) as error:
        raise _translate(error) from error


def _translate(error: Exception) -> TemporaryError | PermanentError:
    """Slack answers most refusals with 200 and a word (https://docs.slack.dev/apis/web-api/#responses)."""
    if not isinstance(error, SlackApiError):
        return TemporaryError(f"Slack did not answer: {type(error).__name__}", happened=happened(error))
    response: SlackResponse = error.response
    method = response.api_url.rpartition("/")[2]
    code = str(response.get("error"))
    if response.status_code == 429 or code in _RATE_LIMITED:
        return TemporaryError(
            f"Slack wants {method} less often", retry_after=retry_after(_headers(response)), happened=False
        )
    if response.status_code >= 500 or code in _TEMPORARY or not re.fullmatch(r"(?!None)\w{3,60}", code):
        return TemporaryError(f"Slack could not do {method} (HTTP {response.status_code})")
    if code == "missing_scope":
        needed = response.get("needed", "another scope")
        return _RefusedError(
            f"Slack wants the scope {needed} for {method}: add it to the app and install it again", code
        )
    if code in _BAD_TOKEN:
        return _RefusedError(f"Slack does not take our token ({code}): look at SLACK_BOT_TOKEN", code)
    return _RefusedError(f"Slack refused {method}: {code}", code)


def _channel(told: Any) -> Channel:
    known = told if isinstance(told, dict) else {}
    return Channel(id=_text(known.get("id")), name=_text(known.get("name")))


def _group(told: Any) -> Group:
    """A list of members that is missing must not look like a group that nobody is in."""
    known = told if isinstance(told, dict) else {}
    members = frozenset(_text(user) for user in _list(known.get("users")))
    return Group(_text(known.get("id")), _text(known.get("handle")), _text(known.get("name")), members)


def _list(told: object) -> list[Any]:
    if not isinstance(told, list):
        raise TemporaryError("Slack's answer cannot be read")
    return told


def _text(told: object) -> str:
    if not isinstance(told, str) or not told:
        raise TemporaryError("Slack's answer cannot be read")
    return told


def _headers(response: SlackResponse) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in response.headers.items()}
