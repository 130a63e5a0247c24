"""How long a provider asks us to wait."""

from collections.abc import Mapping
from datetime import timedelta


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """From `Retry-After` in seconds, at most an hour; None when it is not there or says something else."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=min(int(value), 3600)) if value.strip().isdecimal() else None
