"""While the database is away a caller waits, and what was pressed or said is kept in the address."""

from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from flask import Blueprint, Response, request

from incidents.store import DATABASE_AWAY
from integrations import twiml
from voice.given import number, xml

MOST_TRIES = 10
"""How often a caller is asked to wait a moment: about 20 s when nothing answers at all.

After that Twilio gets an error, and goes to the number's fallback address, which records what is said.
"""
KEPT = ("Digits", "again", "round", "key", "RecordingSid", "RecordingDuration")
"""What Twilio says once only, and not again after a redirect."""
A_PIN = "/pin"
"""Where the digits are a PIN: addresses are logged on the way, so that it is asked for once more instead."""
NOBODY_LISTENS = ("/status", "/recording")

log = structlog.get_logger(__name__)


def keep_callers(door: Blueprint, *, public_url: str) -> None:
    """Answers every request of the door that found no database."""

    def one_moment(error: Exception) -> Response:
        log.error("database_away", reason=str(getattr(error, "orig", error)))
        tries = number("tries") + 1
        if tries > MOST_TRIES or request.path.endswith(NOBODY_LISTENS):
            return Response("The database is away. Try again.", HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/plain")
        kept = {name: request.values[name] for name in KEPT if name in request.values}
        if request.path.endswith(A_PIN):
            kept.pop("Digits", None)
        return xml(twiml.one_moment(f"{public_url}{request.path}?{urlencode({**kept, 'tries': tries})}"))

    for away in DATABASE_AWAY:
        door.register_error_handler(away, one_moment)
