"""Slack's door over HTTP: the signature first, then Bolt."""

from http import HTTPStatus
from urllib.parse import parse_qsl

import structlog
from flask import Blueprint, Response, request
from slack_bolt import BoltContext, BoltRequest
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response
from slack_bolt.request.internals import build_context
from slack_sdk.signature import SignatureVerifier

from app.settings import Settings
from bot.app import bolt_app
from bot.payloads import MalformedError, body_of
from bot.signature import from_slack
from incidents.store import Database

log = structlog.get_logger(__name__)


def slack_door(settings: Settings, database: Database) -> Blueprint | None:
    """`POST /slack/events` for commands, events and clicks; None when Slack is off."""
    if settings.slack_bot_token is None or settings.slack_signing_secret is None:
        return None
    app = bolt_app(settings, database)
    verifier = SignatureVerifier(settings.slack_signing_secret.get_secret_value())
    door = Blueprint("slack", __name__)

    @door.post("/slack/events")
    def slack_events() -> Response:
        if not from_slack(request, verifier):
            log.warning("signature_refused", path=request.path)
            text = "The X-Slack-Signature does not fit. Check SLACK_SIGNING_SECRET, and this machine's clock."
            return Response(text, HTTPStatus.UNAUTHORIZED, mimetype="text/plain")
        try:
            return to_flask_response(app.dispatch(_read()))
        except MalformedError as error:
            return Response(f"Not what Slack sends: {error}", HTTPStatus.BAD_REQUEST, mimetype="text/plain")

    return door


def _read() -> BoltRequest:
    """The request as Bolt wants it.

    Bolt takes a form for an interaction as soon as the word `payload` stands anywhere in it, and then reads a command
    like `/incident payload is empty` as nothing at all; so a form without that field is read here. What is no object is
    refused before Bolt trips over it. Raises: MalformedError.
    """
    text = request.get_data(as_text=True)
    if request.mimetype != "application/x-www-form-urlencoded":
        body_of(text)
        return _for_bolt()
    form = dict(parse_qsl(text, keep_blank_values=True))
    if "payload" in form:
        body_of(form["payload"])
        return _for_bolt()
    asked = _for_bolt()
    asked.body = form
    asked.context = build_context(BoltContext(), form)
    return asked


def _for_bolt() -> BoltRequest:
    """Bolt looks for team, user and channel while it builds its request. Raises: MalformedError when it cannot."""
    try:
        return to_bolt_request(request)
    except (TypeError, AttributeError, KeyError) as error:
        raise MalformedError(f"a member is not what it should be: {error}") from None
