"""Slack's door over HTTP: Bolt checks the signature, a handler commits, and only then Slack is answered.

`process_before_response` is needed for events: without it Bolt answers 200 before the listener ran, and an event whose
listener failed would be gone (Slack delivers it again only after an error).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from flask import Blueprint, Response, request
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from app.settings import Settings
from bot.answers import DECLARE, RUN
from bot.clicks import Click, clicked
from bot.commands import Asked, Commands
from bot.events import Mention, Reaction, mentioned, reacted
from incidents.errors import IncidentError
from incidents.store import Database
from integrations.blocks import escape
from integrations.card import ACKNOWLEDGE, CATEGORY, ESCALATE, RESOLVE, incident_of
from integrations.reactions import Reactions

log = structlog.get_logger(__name__)

Body = dict[str, Any]


def slack_door(settings: Settings, database: Database) -> Blueprint | None:
    """`POST /slack/events` for commands, events and clicks; None when Slack is off."""
    if settings.slack_bot_token is None or settings.slack_signing_secret is None:
        return None
    handler = SlackRequestHandler(_bolt(settings, database))
    door = Blueprint("slack", __name__)

    @door.post("/slack/events")
    def slack_events() -> Response:
        answer: Response = handler.handle(request)
        return answer

    return door


def _bolt(settings: Settings, database: Database) -> App:
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    address = f"{settings.slack_api_url}/" if settings.slack_api_url else WebClient.BASE_URL
    app = App(
        signing_secret=secret,
        client=WebClient(token, base_url=address, timeout=2, retry_handlers=[]),
        authorize=_authorize_with(token),
        process_before_response=True,
    )
    _listen(app, database, hotline=settings.twilio_number)
    return app


def _authorize_with(token: str) -> Callable[..., AuthorizeResult]:
    """The one token of the settings, without asking Slack while it waits for us."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize


def _listen(app: App, database: Database, *, hotline: str | None) -> None:
    telling = ThreadPoolExecutor(2, thread_name_prefix="tell")
    reactions = Reactions()

    def commands() -> Commands:
        return Commands(database.only_store(), hotline=hotline)

    @app.command("/incident")
    def incident(ack: Ack, command: Body) -> None:
        asked = Asked(
            trigger=command["trigger_id"],
            user=command["user_id"],
            user_name=command.get("user_name", ""),
            channel=command["channel_id"],
            text=command.get("text", ""),
        )
        ack(**commands().run(asked).payload())

    @app.event("app_mention")
    def mention(event: Body, body: Body) -> None:
        if "bot_id" in event:
            return
        bot_user = next((each.get("user_id") for each in body.get("authorizations") or []), None)
        mentioned(
            database.only_store(),
            Mention(
                event=body["event_id"],
                user=event["user"],
                channel=event["channel"],
                thread=event.get("thread_ts") or event["ts"],
                text=event.get("text", ""),
                bot_user=bot_user,
            ),
        )

    @app.event("reaction_added")
    @app.event("reaction_removed")
    def reaction(event: Body, body: Body) -> None:
        item = event.get("item", {})
        if item.get("type") == "message":
            reacted(
                database.only_store(),
                Reaction(
                    event=body["event_id"],
                    user=event["user"],
                    name=event["reaction"],
                    channel=item["channel"],
                    timestamp=item["ts"],
                    removed=event["type"] == "reaction_removed",
                ),
                reactions,
            )

    @app.action(ACKNOWLEDGE)
    @app.action(ESCALATE)
    @app.action(RESOLVE)
    @app.action(CATEGORY)
    def click(ack: Ack, body: Body, action: Body, respond: Respond) -> None:
        try:
            told = clicked(database.only_store(), _click(body, action))
        except IncidentError as error:
            told = escape(str(error))
        ack()
        if told:
            telling.submit(_tell, respond, {"response_type": "ephemeral", "replace_original": False, "text": told})

    @app.action(RUN)
    @app.action(DECLARE)
    def choice(ack: Ack, body: Body, action: Body, respond: Respond) -> None:
        asked = Asked(
            trigger=body["trigger_id"],
            user=body["user"]["id"],
            user_name=body["user"].get("username", ""),
            channel=body["channel"]["id"],
            text=action["value"],
        )
        answer = commands().declared(asked) if action["action_id"] == DECLARE else commands().run(asked)
        ack()
        telling.submit(_tell, respond, {**answer.payload(), "replace_original": False})


def _click(body: Body, action: Body) -> Click:
    chosen = action.get("selected_option") or {}
    try:
        incident = str(incident_of(action.get("block_id", "")))
    except ValueError:
        incident = action.get("value", "")
    return Click(
        trigger=body["trigger_id"],
        user=body["user"]["id"],
        user_name=body["user"].get("username", ""),
        action=action["action_id"],
        incident=incident,
        value=chosen.get("value") or action.get("value", ""),
    )


def _tell(respond: Respond, payload: Body) -> None:
    """A courtesy after the fact: what was done stands committed, and the card shows it."""
    try:
        respond(**payload)
    except (SlackApiError, OSError) as error:
        log.warning("answer_not_delivered", reason=str(error))
