"""What an HTTP failure tells beyond its kind: how long to wait, and whether the request can have arrived."""

import socket
from collections.abc import Mapping
from datetime import timedelta

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

_LONGEST_WAIT = 3600
_NOT_CONNECTED = (ConnectionRefusedError, socket.gaierror, ConnectTimeoutError, NewConnectionError)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """From `Retry-After` in seconds, at most an hour; None when it is not there or says something else."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    return timedelta(seconds=min(int(value), _LONGEST_WAIT)) if value.isdecimal() else None


def happened(error: BaseException) -> bool | None:
    """For `TemporaryError.happened`: False when there never was a connection, None when nobody knows."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or each in seen:
            continue
        if isinstance(each, _NOT_CONNECTED):
            return False
        seen.append(each)
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return None
