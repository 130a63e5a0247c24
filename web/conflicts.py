"""What the state of things does not allow is a conflict (409), and not bad input."""

from collections.abc import Iterator
from contextlib import contextmanager

from incidents.errors import IncidentError, NotAllowed, NotFound
from web.refusal import Refusal

CONFLICT = {409: "The state of things does not allow it; the text says what to change first."}


@contextmanager
def conflicts() -> Iterator[None]:
    try:
        yield
    except (NotFound, NotAllowed):
        raise
    except IncidentError as error:
        raise Refusal(409, str(error)) from error
