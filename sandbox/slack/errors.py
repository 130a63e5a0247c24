"""How Slack says no: `{"ok": false, "error": …}` with HTTP 200, and what helps to find the reason."""

from typing import Any


class SlackError(Exception):
    """`code` is Slack's own; `more` is put beside it in the answer."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, **self.more}


class RateLimited(SlackError):
    """HTTP 429; `seconds` goes into `Retry-After`."""

    def __init__(self, seconds: int) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


def invalid_arguments(*reasons: str) -> SlackError:
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {reason}" for reason in reasons]})
