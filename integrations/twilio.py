"""Twilio as the phone: calls that go out, and the recordings of those that came in."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import PlacedCall
from integrations.twilio_http import OneAttempt

EVENTS = ["initiated", "ringing", "answered", "completed"]
_NOT_IN_PROGRESS = 21220
"""https://www.twilio.com/docs/api/errors/21220: the call ended already."""
_MOST = 50
_SID = re.compile(r"[A-Za-z0-9]{2,64}")

T = TypeVar("T")


class TwilioPhone:
    """`number` is the one that calls come from. Its methods may be called from any thread."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        number: str,
        api_url: str | None = None,
        timeout: timedelta = timedelta(seconds=5),
    ) -> None:
        self._http = OneAttempt(api_url=api_url, timeout=timeout)
        self._auth = (account_sid, auth_token)
        self._number = number
        elsewhere = {"TWILIO_EDGE": "", "TWILIO_REGION": ""}
        self._client = Client(account_sid, auth_token, http_client=self._http, environment=elsewhere)

    def call(self, *, to: str, twiml: str, ring_for: timedelta, status_url: str | None = None) -> str:
        told = {"status_callback": status_url, "status_callback_event": EVENTS, "status_callback_method": "POST"}
        placed = _ask(
            lambda: self._client.calls.create(
                to=to,
                from_=self._number,
                twiml=twiml,
                timeout=round(ring_for.total_seconds()),
                **(told if status_url is not None else {}),
            )
        )
        return _told(placed.sid)

    def text(self, *, to: str, body: str) -> str:
        return _told(_ask(lambda: self._client.messages.create(to=to, from_=self._number, body=body)).sid)

    def find_texts(self, *, to: str, since: datetime) -> Sequence[str]:
        """Twilio's own filter is by the day of sending, which a queued text has not."""
        found = _ask(lambda: self._client.messages.list(to=to, from_=self._number, limit=_MOST, page_size=_MOST))
        oldest = since.replace(microsecond=0)
        return [str(text.body) for text in found if _made(text) >= oldest]

    def find_calls(self, *, to: str, since: datetime) -> Sequence[PlacedCall]:
        """Twilio's own filter is by start, which a queued call has not, so we ask by number and filter by creation.

        Its times are whole seconds, so that `since` is one too.
        """
        found = _ask(lambda: self._client.calls.list(to=to, from_=self._number, limit=_MOST, page_size=_MOST))
        oldest = since.replace(microsecond=0)
        made = [(_made(call), call) for call in found if str(call.direction).startswith("outbound")]
        ours = sorted((pair for pair in made if pair[0] >= oldest), key=lambda pair: pair[0], reverse=True)
        return [_placed(call) for _, call in ours]

    def look_up(self, sid: str) -> PlacedCall:
        return _placed(_ask(lambda: self._client.calls(_known(sid)).fetch()))

    def hang_up(self, sid: str) -> None:
        """`completed` ends a call whether it waits, rings or talks (https://www.twilio.com/docs/voice/api/call-resource)."""
        try:
            _ask(lambda: self._client.calls(_known(sid)).update(status="completed"))
        except _RefusedError as refusal:
            if refusal.code != _NOT_IN_PROGRESS:
                raise

    def recording(self, sid: str) -> bytes:
        """The address is built from ids, never taken from a request."""
        return self._http.download(
            f"/2010-04-01/Accounts/{_known(self._auth[0])}/Recordings/{_known(sid)}.wav", auth=self._auth
        )

    def check(self) -> str:
        account = _ask(lambda: self._client.api.accounts(self._auth[0]).fetch())
        return f"{account.friendly_name or account.sid}, {account.status}, calling from {self._number}"


class _RefusedError(PermanentError):
    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def _ask(request: Callable[[], T]) -> T:
    try:
        return request()
    except (TwilioException, ValueError, AttributeError) as error:
        raise _translate(error) from error


def _translate(error: Exception) -> TemporaryError | PermanentError:
    """What is not a refusal in Twilio's own form is an answer that we cannot read."""
    if not isinstance(error, TwilioRestException):
        return TemporaryError(f"Twilio's answer cannot be read: {type(error).__name__}")
    if error.status in (401, 403):
        return _RefusedError(
            "Twilio does not take our credentials: look at TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN", error.code
        )
    return _RefusedError(f"Twilio refused: {error.msg} (error {error.code})", error.code or 0)


def _known(sid: Any) -> str:
    """An id that can stand in an address. Raises: PermanentError when it cannot be one of Twilio's."""
    if not isinstance(sid, str) or not _SID.fullmatch(sid):
        raise PermanentError("that is not an id of Twilio's")
    return sid


def _told(sid: Any) -> str:
    if not isinstance(sid, str):
        raise TemporaryError("Twilio's answer names no id")
    return sid


def _made(call: Any) -> datetime:
    """A call or text whose time cannot be read counts as new: it may be the one that is looked for."""
    return call.date_created if isinstance(call.date_created, datetime) else datetime.max.replace(tzinfo=UTC)


def _placed(call: Any) -> PlacedCall:
    started = call.start_time if isinstance(call.start_time, datetime) else None
    return PlacedCall(sid=_told(call.sid), status=str(call.status), to=str(call.to), started_at=started)
