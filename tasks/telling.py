"""Telling the admins what the audit found: posted once, also when the answer to an earlier attempt was lost."""

from datetime import timedelta

import structlog

from incidents import admin_notices
from incidents.admin_notices import Telling
from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Chat
from incidents.store import Database
from integrations.notices import to_admins

EVERY_SECONDS = 2.0
CLOCKS_DIFFER = timedelta(seconds=5)

log = structlog.get_logger(__name__)


class Teller:
    """Posts what is owed to this channel, one notice at a time. Several processes may do it."""

    def __init__(self, database: Database, chat: Chat, channel: str) -> None:
        self._database = database
        self._chat = chat
        self._channel = channel

    def once(self) -> bool:
        """False when there was nothing to tell."""
        with self._database.begin() as session:
            telling = admin_notices.take(session)
        if telling is None:
            return False
        try:
            self._post(telling)
        except TemporaryError as error:
            log.warning("admins_not_told_yet", reason=str(error))
            with self._database.begin() as session:
                admin_notices.postpone(session, telling, wait=error.retry_after, settled=error.happened is False)
        except PermanentError as error:
            advice = "is ADMIN_CHANNEL the id of a channel that the app is in?"
            log.error("admins_not_told", reason=str(error), advice=advice)  # noqa: TRY400  # A refusal is no bug.
            self._finish(telling, "failed")
        else:
            self._finish(telling, "done")
        return True

    def _post(self, telling: Telling) -> None:
        mark = str(telling.id)
        if telling.unsettled is not None and self._chat.find_post(
            self._channel, mark=mark, since=telling.unsettled - CLOCKS_DIFFER
        ):
            return
        self._chat.post(self._channel, to_admins(telling.text), mark=mark)

    def _finish(self, telling: Telling, outcome: str) -> None:
        with self._database.begin() as session:
            admin_notices.finish(session, telling, outcome=outcome)
