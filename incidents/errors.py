"""The errors that cross a boundary: one for people, two for providers. Anything else is a bug and propagates."""

from datetime import timedelta


class IncidentError(Exception):
    """Shown to the person as it is: the text says what is wrong and what to do."""


class NotFound(IncidentError):
    """What was asked for does not exist in this organization. `look` tells programs where to see what does."""

    def __init__(self, text: str, *, look: str = "GET /api/v1/incidents lists the incidents.") -> None:
        super().__init__(text)
        self.look = look


class NotAllowed(IncidentError):
    """The person may not do that: the text says which role it needs, and who can give it."""


class TemporaryError(Exception):
    """A provider cannot do it now. `retry_after` is the provider's own wish, when it named one.

    `happened` is False only when the effect surely did not happen (refused connection, 429); otherwise nobody knows,
    and a write is looked for before it is sent again.
    """

    def __init__(self, message: str, *, retry_after: timedelta | None = None, happened: bool | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.happened = happened


class PermanentError(Exception):
    """A provider refuses, and asking again would not help. The text says what a person can mend."""
