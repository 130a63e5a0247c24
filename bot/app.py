"""Bolt: which of Slack's requests goes to which use case. A handler commits, and only then Slack is answered.

`process_before_response` is needed for events: without it Bolt answers 200 before the listener ran, and an event whose
listener failed would be gone (Slack delivers it again only after an error).
"""

import logging
import re
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from http.client import HTTPException

import structlog
from slack_bolt import Ack, App, BoltResponse, Respond
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from app.settings import Settings
from bot import payloads
from bot.accounts import Accounts
from bot.answers import DECLARE, RUN
from bot.clicks import clicked
from bot.commands import Commands
from bot.events import NotYet, matters, mentioned, reacted
from bot.payloads import Body, MalformedError
from incidents.errors import IncidentError
from incidents.store import DATABASE_AWAY, Database
from integrations.blocks import escape
from integrations.reactions import Reactions
from integrations.slack_manifest import COMMAND

OF_THE_CARD = re.compile(r"incident_.+")
"""Every action of ours, those of older cards too: a click on a button that is no more gets an answer."""

NOT_NOW = (*DATABASE_AWAY, NotYet)
"""The database is away, or what the event is about is not written down yet."""

log = structlog.get_logger(__name__)


def bolt_app(settings: Settings, database: Database) -> App:
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    address = f"{settings.slack_api_url}/" if settings.slack_api_url else WebClient.BASE_URL
    app = App(
        logger=logging.getLogger("slack_bolt"),  # Bolt takes its level; by itself it would warn of the token below.
        signing_secret=secret,
        client=WebClient(token, base_url=address, timeout=2, retry_handlers=[]),
        authorize=_authorize_with(token),
        process_before_response=True,
    )
    accounts = Accounts(token, address=address)
    telling = ThreadPoolExecutor(2, thread_name_prefix="tell")
    _answer_errors(app)
    _listen_to_commands(app, database, accounts, telling, hotline=settings.twilio_number)
    _listen_to_events(app, database, accounts, telling)
    return app


def _answer_errors(app: App) -> None:
    """What does not fit Slack's documentation is answered 400: a repeat would not help. What a moment mends is a 503,
    and all else a 500.
    """

    @app.error
    def answer(error: Exception) -> BoltResponse:
        if isinstance(error, MalformedError):
            return BoltResponse(status=400, body=f"Not what Slack sends: {error}")
        if isinstance(error, NOT_NOW):
            log.error("listener_not_ready", reason=str(getattr(error, "orig", error)))
            return BoltResponse(status=503, body="Nothing was written down yet. Slack delivers events again.")
        log.error("listener_failed", exc_info=error)
        return BoltResponse(status=500, body="Something went wrong here. Slack delivers events again.")


def _authorize_with(token: str) -> Callable[..., AuthorizeResult]:
    """The one token of the settings, without asking Slack while it waits for us."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize


def _listen_to_commands(
    app: App, database: Database, accounts: Accounts, telling: Executor, *, hotline: str | None
) -> None:
    def commands() -> Commands:
        return Commands(database.only_store(), hotline=hotline)

    @app.command(COMMAND)
    def command(ack: Ack, command: Body) -> None:
        ack(**commands().run(accounts.asking(payloads.asked(command))).payload())

    @app.action(RUN)
    def run(ack: Ack, body: Body, action: Body, respond: Respond) -> None:
        answer = commands().run(accounts.asking(payloads.chosen(body, action)))
        ack()
        telling.submit(_tell, respond, {**answer.payload(), "replace_original": False})

    @app.action(DECLARE)
    def declare(ack: Ack, body: Body, action: Body, respond: Respond) -> None:
        answer = commands().declared(accounts.asking(payloads.chosen(body, action)))
        ack()
        telling.submit(_tell, respond, {**answer.payload(), "replace_original": False})

    # Bolt runs the first listener that fits: this one comes after the two above.
    @app.action(OF_THE_CARD)
    def click(ack: Ack, body: Body, action: Body, respond: Respond) -> None:
        try:
            told = clicked(database.only_store(), accounts.asking(payloads.click(body, action)))
        except IncidentError as error:
            told = escape(str(error))
        ack()
        if told:
            telling.submit(_tell, respond, {"response_type": "ephemeral", "replace_original": False, "text": told})


def _listen_to_events(app: App, database: Database, accounts: Accounts, telling: Executor) -> None:
    reactions = Reactions()

    @app.event("app_mention")
    def mention(event: Body, body: Body, client: WebClient) -> None:
        what = payloads.mention(event, body)
        if what is None:
            return
        try:
            mentioned(database.only_store(), accounts.asking(what))
        except IncidentError as error:
            told = f"*Nothing was recorded.* {escape(str(error))}"
            telling.submit(_tell_alone, client, what.channel, what.user.id, told)

    @app.event("reaction_added")
    @app.event("reaction_removed")
    def reaction(event: Body, body: Body, client: WebClient) -> None:
        what = payloads.reaction(event, body)
        if what is None or not matters(what, reactions):
            return
        try:
            reacted(database.only_store(), accounts.asking(what), reactions)
        except IncidentError as error:
            telling.submit(_tell_alone, client, what.channel, what.user.id, escape(str(error)))


def _tell_alone(client: WebClient, channel: str, user: str, text: str) -> None:
    """A courtesy: why what the person did changed nothing."""
    try:
        client.chat_postEphemeral(channel=channel, user=user, text=text)
    except (SlackApiError, HTTPException, OSError) as error:
        log.warning("answer_not_delivered", reason=str(error))


def _tell(respond: Respond, payload: Body) -> None:
    """A courtesy after the fact: what was done stands committed, and the card shows it."""
    try:
        answer = respond(**payload)
    except (SlackApiError, HTTPException, OSError) as error:
        log.warning("answer_not_delivered", reason=str(error))
    else:
        if answer.status_code != 200:
            log.warning("answer_not_delivered", status=answer.status_code, reason=answer.body)
