"""`python -m bot.socket`: Slack's door in Socket Mode, the same Bolt app fed over a WebSocket that we open.

An envelope is acknowledged when its handler has committed, and not at all when it failed; Slack then delivers an event
again. Slack replaces each connection after some hours and the SDK follows, as it does when a connection is lost
(https://docs.slack.dev/apis/events-api/using-socket-mode).
"""

import signal
import threading
from datetime import timedelta
from http.client import HTTPException
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.client import BaseSocketModeClient

from app import bootstrap
from app.bootstrap import NotReady
from app.logging import configure_logging
from app.resolve import load
from app.settings import Settings
from bot.app import bolt_app
from incidents.store import Database

PING_SECONDS = 3
"""How often a lost connection is looked for; after four without an answer it counts as lost."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
HELLO_SECONDS = 5.0
BEAT_SECONDS = 5.0
DOOR_PATIENCE = timedelta(seconds=2)
"""As over HTTP: a person in Slack gets no answer after 3 s, and would type the report again."""

log = structlog.get_logger(__name__)


class SocketDoor:
    """Connected from `run` on until `stopped` is set."""

    def __init__(self, settings: Settings, database: Database) -> None:
        if settings.slack_app_token is None or settings.slack_bot_token is None:
            raise NotReady("Socket Mode needs SLACK_APP_TOKEN and SLACK_BOT_TOKEN.")
        app = bolt_app(settings, database)
        handler = SocketModeHandler(app, settings.slack_app_token.get_secret_value(), ping_interval=PING_SECONDS)
        self._link = handler.client
        self._link.message_listeners.append(self._heard)
        self._greeted = threading.Event()
        self._alive_file = settings.alive_file

    def run(self, stopped: threading.Event) -> None:
        """Says `ready` also when Slack cannot be reached yet: everything else works without it, and we go on trying."""
        pause, told = FIRST_PAUSE, False
        while not stopped.is_set() and not self._greeted.is_set():
            self._connect()
            if not told:
                told = True
                log.info("ready")
            if not self._greeted.is_set():
                stopped.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        while not stopped.is_set():
            self._beat()
            stopped.wait(BEAT_SECONDS)
        self._link.close()

    def _connect(self) -> None:
        """Only until the first hello; from then on the SDK connects again by itself."""
        try:
            self._link.connect_to_new_endpoint()
        except SlackApiError as error:
            advice = "check SLACK_APP_TOKEN: it needs the scope connections:write"
            log.error("slack_refused", reason=error.response["error"], advice=advice)  # noqa: TRY400  # It says all.
        except (OSError, HTTPException) as error:
            log.warning("slack_away", reason=str(error))
        else:
            self._greeted.wait(HELLO_SECONDS)

    def _beat(self) -> None:
        """For health checks (`app.alive`): a door that is not connected lets nobody in."""
        if self._alive_file is not None and self._link.is_connected():
            self._alive_file.touch()

    def _heard(self, client: BaseSocketModeClient, message: dict[str, Any], raw: str | None) -> None:
        if message.get("type") == "hello":
            log.info("slack_connected", connections=message.get("num_connections"))
            self._greeted.set()
        elif message.get("type") == "disconnect":
            log.info("slack_disconnects", reason=message.get("reason"))


def main() -> None:
    settings = load()
    configure_logging(settings, part="socket")
    stopped = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopped.set())
    SocketDoor(settings, bootstrap.ringing_database(settings, patience=DOOR_PATIENCE)).run(stopped)


if __name__ == "__main__":
    main()
