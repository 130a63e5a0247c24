"""A request that is refused: the status, and a text that says what is wrong and what to do."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """`more` goes into the problem details beside the standard members."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = dict(more or {})
