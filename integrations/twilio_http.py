"""How twilio's SDK reaches Twilio: one attempt with a time limit, to the configured address and to no other."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import requests
from twilio.http import HttpClient
from twilio.http.response import Response

from incidents.errors import PermanentError, TemporaryError
from integrations.addresses import checked
from integrations.http_trouble import happened, retry_after

TWILIO = "https://api.twilio.com"
LARGEST_DOWNLOAD = 20 * 1024 * 1024
DOWNLOAD_TAKES_AT_MOST = timedelta(seconds=30)
_CHUNK = 64 * 1024


class OneAttempt(HttpClient):  # type: ignore[misc]  # The SDK has no types.
    """Raises `TemporaryError` for everything that another attempt may mend; other refusals are left to the SDK."""

    def __init__(self, *, api_url: str | None, timeout: timedelta) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False, timeout=timeout.total_seconds())
        self._origin = checked(api_url or TWILIO, setting="TWILIO_API_URL")

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """The SDK builds addresses of api.twilio.com; anything else would be a bug that gives our token away."""
        with requests.Session() as session, _translated():
            answer = session.request(
                method.upper(),
                self._address(uri),
                params=params,
                data=data,
                headers=headers,
                auth=auth,
                timeout=timeout or self.timeout,
                allow_redirects=False,
            )
            _refuse_temporary(answer)
            return Response(answer.status_code, answer.text, answer.headers)

    def download(self, path: str, *, auth: tuple[str, str]) -> bytes:
        """Raises: TemporaryError also when it is not there yet, PermanentError when it is larger than any of ours."""
        end = time.monotonic() + DOWNLOAD_TAKES_AT_MOST.total_seconds()
        received = bytearray()
        with requests.Session() as session, _translated():
            answer = session.get(
                self._origin + path, auth=auth, timeout=self.timeout, allow_redirects=False, stream=True
            )
            if answer.status_code == 404:
                raise TemporaryError("Twilio does not have the recording yet")
            _refuse_temporary(answer)
            if answer.status_code != 200:
                raise PermanentError(f"Twilio does not give out the recording (HTTP {answer.status_code})")
            for chunk in answer.iter_content(_CHUNK):
                received += chunk
                if len(received) > LARGEST_DOWNLOAD:
                    raise PermanentError("Twilio's recording is larger than 20 MB")
                if time.monotonic() > end:
                    raise TemporaryError("Twilio sends the recording too slowly")
        return bytes(received)

    def _address(self, uri: str) -> str:
        if not uri.startswith(f"{TWILIO}/"):
            raise PermanentError("twilio's SDK asked for an address that is not Twilio's")
        return self._origin + uri.removeprefix(TWILIO)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except requests.RequestException as error:
        raise TemporaryError(f"Twilio did not answer: {type(error).__name__}", happened=happened(error)) from error


def _refuse_temporary(answer: requests.Response) -> None:
    if answer.status_code == 429:
        raise TemporaryError("Twilio wants fewer requests", retry_after=retry_after(answer.headers), happened=False)
    if answer.status_code == 503:
        # Unlike a 500 (https://www.twilio.com/docs/api/errors/20500): https://www.twilio.com/docs/api/errors/20503
        raise TemporaryError("Twilio is not available", retry_after=retry_after(answer.headers), happened=False)
    if answer.status_code >= 500:
        raise TemporaryError(f"Twilio could not do it (HTTP {answer.status_code})")
