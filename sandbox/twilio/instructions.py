"""What a call was told when it was placed: where its TwiML is, who wants to know of its progress, how long it rings."""

from dataclasses import dataclass

STATUS_EVENTS = ("initiated", "ringing", "answered", "completed")


@dataclass(frozen=True)
class Instructions:
    """Defaults as in https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource."""

    url: str | None = None
    method: str = "POST"
    twiml: str | None = None
    fallback_url: str | None = None
    fallback_method: str = "POST"
    status_callback: str | None = None
    status_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)
    ring_seconds: float = 60.0
    limit_seconds: float = 14400.0
    detect_machine: str | None = None
    detect_beside: bool = False
    detect_callback: str | None = None
