"""Twilio's door: every request is checked for Twilio's signature, and answered after the commit."""

from http import HTTPStatus

import structlog
from flask import Blueprint, Response, request

from app.settings import Settings
from incidents import calls
from incidents.errors import NotFound
from incidents.store import Database, Store
from integrations import twiml
from voice import call_news, called_back, hotline, pages
from voice.away import keep_callers
from voice.called_back import Answered, Key
from voice.given import given, number, recorded, xml
from voice.hotline import Addresses
from voice.pages import Pressed
from voice.signature import from_twilio

log = structlog.get_logger(__name__)


def voice_door(settings: Settings, database: Database) -> Blueprint | None:
    """`/voice/…`; None when Twilio is off."""
    if settings.twilio_auth_token is None:
        return None
    door = Blueprint("voice", __name__, url_prefix="/voice")
    base = f"{settings.public_url}/voice"
    _only_twilio(door, public_url=settings.public_url, auth_token=settings.twilio_auth_token.get_secret_value())
    keep_callers(door, public_url=settings.public_url)
    addresses = Addresses(
        severity=f"{base}/severity",
        recorded=f"{base}/recorded",
        recording=f"{base}/recording{twiml.AGAIN_ON_ERRORS}",
        back=f"{base}/back",
    )
    _hotline(door, database, addresses)
    _return_calls(door, database, addresses.back)
    _pages(door, database, base)
    return door


def _only_twilio(door: Blueprint, *, public_url: str, auth_token: str) -> None:
    @door.before_request
    def check() -> Response | None:
        if from_twilio(request, public_url=public_url, auth_token=auth_token):
            return None
        log.warning("signature_refused", path=request.path)
        text = "The X-Twilio-Signature does not fit. Check TWILIO_AUTH_TOKEN, and that PUBLIC_URL is what Twilio calls."
        return Response(text, HTTPStatus.FORBIDDEN, mimetype="text/plain")

    @door.errorhandler(NotFound)
    def unknown(error: NotFound) -> Response:
        return Response(str(error), HTTPStatus.NOT_FOUND, mimetype="text/plain")


def _hotline(door: Blueprint, database: Database, addresses: Addresses) -> None:
    @door.post("/incoming")
    def incoming() -> Response:
        store = database.only_store()
        return xml(hotline.picked_up(store, call=given("CallSid"), caller=given("From"), addresses=addresses))

    @door.post("/severity")
    def severity() -> Response:
        store = database.only_store()
        return xml(hotline.key_first(store, call=given("CallSid"), key=given("Digits"), addresses=addresses))

    @door.post("/recorded")
    def after_record() -> Response:
        return xml(hotline.recorded(database.only_store(), recorded(), addresses=addresses))

    @door.post("/recording")
    def recording() -> Response:
        match given("RecordingStatus"):
            case "completed":
                hotline.recording_done(database.only_store(), recorded())
            case "absent" | "failed":
                hotline.nothing_recorded(database.only_store(), recorded())
        return _done()

    @door.post("/status")
    def status() -> Response:
        if given("CallStatus") in calls.FINAL:
            caller = given("From") if given("Direction") == "inbound" else None
            hotline.hung_up(database.only_store(), call=given("CallSid"), caller=caller)
        return _done()


def _return_calls(door: Blueprint, database: Database, at: str) -> None:
    @door.post("/back/key")
    def back_key() -> Response:
        key = Key(given("CallSid"), digit=given("Digits")[:1], again=request.args.get("again", ""))
        return xml(called_back.pressed(database.only_store(), key, at=at))

    @door.post("/back/pin")
    def back_pin() -> Response:
        key = Key(given("CallSid"), digit=request.args.get("key", ""), again=request.args.get("again", ""))
        answer = Answered(key, pin=given("Digits"), n=number("n"))
        return xml(called_back.answered(database.only_store(), answer, at=at))


def _pages(door: Blueprint, database: Database, base: str) -> None:
    @door.post("/page/<token>/key")
    def page_key(token: str) -> Response:
        again, told_in = request.args.get("again", ""), number("round") or pages.FIRST
        key = Pressed(token, sid=given("CallSid"), digit=given("Digits")[:1], again=again, round=told_in)
        return xml(pages.pressed(_owner(database, token), key, here=f"{base}/page/{token}/key"))

    @door.post("/page/<token>/status")
    def page_status(token: str) -> Response:
        call_news.told(
            _owner(database, token),
            token=token,
            sid=given("CallSid"),
            status=given("CallStatus"),
            sequence=number("SequenceNumber"),
        )
        return _done()


def _owner(database: Database, token: str) -> Store:
    """The organization that calls; the first one for a call that nobody knows."""
    with database.begin() as session:
        owner = calls.owner(session, token)
    return database.only_store() if owner is None else database.store(owner)


def _done() -> Response:
    return Response(status=HTTPStatus.NO_CONTENT)
