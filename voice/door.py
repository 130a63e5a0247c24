"""Twilio's door: every request is checked for Twilio's signature, and answered after the commit."""

from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import OperationalError

from app.settings import Settings
from incidents.errors import NotFound
from incidents.store import Database
from integrations import prompts, twiml
from voice import hotline, pages
from voice.hotline import Addresses, Recorded
from voice.pages import Pressed
from voice.signature import from_twilio

MOST_TRIES = 10
"""How often a caller is asked to wait a moment while the database is away: about 20 s."""

log = structlog.get_logger(__name__)


def voice_door(settings: Settings, database: Database) -> Blueprint | None:
    """`/voice/…`; None when Twilio is off."""
    if settings.twilio_auth_token is None:
        return None
    token = settings.twilio_auth_token.get_secret_value()
    door = Blueprint("voice", __name__, url_prefix="/voice")
    base = f"{settings.public_url}/voice"
    addresses = Addresses(recorded=f"{base}/recorded", recording=f"{base}/recording")

    @door.before_request
    def only_twilio() -> Response | None:
        if from_twilio(request, public_url=settings.public_url, auth_token=token):
            return None
        log.warning("signature_refused", path=request.path)
        text = "The X-Twilio-Signature does not fit. Check TWILIO_AUTH_TOKEN, and that PUBLIC_URL is what Twilio calls."
        return Response(text, HTTPStatus.FORBIDDEN, mimetype="text/plain")

    @door.errorhandler(NotFound)
    def unknown(error: NotFound) -> Response:
        return Response(str(error), HTTPStatus.NOT_FOUND, mimetype="text/plain")

    @door.errorhandler(OperationalError)
    def one_moment(error: OperationalError) -> Response:
        """The database is away: the caller waits, and the key that was pressed is kept in the address."""
        log.error("database_away", reason=str(error.orig))
        tries = int(request.args.get("tries", "0")) + 1
        if tries > MOST_TRIES or request.path.endswith(("/status", "/recording")):
            return Response("The database is away. Try again.", HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/plain")
        kept = {name: request.values[name] for name in ("Digits", "again") if name in request.values}
        return _xml(twiml.one_moment(f"{settings.public_url}{request.path}?{urlencode({**kept, 'tries': tries})}"))

    @door.post("/incoming")
    def incoming() -> Response:
        return _xml(
            hotline.picked_up(
                database.only_store(), call=_given("CallSid"), caller=_given("From"), addresses=addresses
            )
        )

    @door.post("/recorded")
    def recorded() -> Response:
        return _xml(hotline.recorded(database.only_store(), _recorded(), addresses=addresses))

    @door.post("/recording")
    def recording() -> Response:
        match _given("RecordingStatus"):
            case "completed":
                hotline.recording_done(database.only_store(), _recorded())
            case "absent" | "failed":
                hotline.nothing_recorded(database.only_store(), call=_given("CallSid"))
        return _done()

    @door.post("/status")
    def status() -> Response:
        if _given("CallStatus") in ("completed", "canceled", "failed", "busy", "no-answer"):
            hotline.hung_up(database.only_store(), call=_given("CallSid"))
        return _done()

    @door.post("/page/<token>/key")
    def page_key(token: str) -> Response:
        key = Pressed(token, sid=_given("CallSid"), digit=_given("Digits")[:1], again=request.args.get("again", ""))
        return _xml(pages.pressed(database.only_store(), key, here=f"{base}/page/{token}/key"))

    @door.post("/page/<token>/status")
    def page_status(token: str) -> Response:
        pages.told(
            database.only_store(),
            token=token,
            sid=_given("CallSid"),
            status=_given("CallStatus"),
            sequence=_number("SequenceNumber"),
        )
        return _done()

    return door


def _recorded() -> Recorded:
    return Recorded(
        call=_given("CallSid"),
        recording=_given("RecordingSid"),
        seconds=_number("RecordingDuration"),
        key=_given("Digits"),
        live=_given("CallStatus") == "in-progress",
    )


def _given(name: str) -> str:
    value: str = request.values.get(name, "")
    return value


def _number(name: str) -> int:
    value = _given(name)
    return int(value) if value.isascii() and value.isdigit() else 0


def _xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")


def _done() -> Response:
    return Response(status=HTTPStatus.NO_CONTENT)
