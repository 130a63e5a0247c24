"""Posting what no incident owes: once, also when the answer to an earlier attempt was lost."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog

from incidents import admin_notices, owed_posts
from incidents.errors import PermanentError, TemporaryError
from incidents.models import AdminNotice
from incidents.models.base import OwedPost
from incidents.owed_posts import Telling
from incidents.ports import Chat, Message
from incidents.store import Database
from integrations.notices import to_admins

EVERY_SECONDS = 2.0
CLOCKS_DIFFER = timedelta(seconds=5)
Written = Callable[[UUID], tuple[str, Message] | None]
"""The channel and the message of a row, as it is true now; None when there is nothing to tell any more."""

log = structlog.get_logger(__name__)


class Teller:
    """Posts what rows of that table owe, one at a time. Several processes may do it."""

    def __init__(self, database: Database, chat: Chat, table: type[OwedPost], written: Written, *, advice: str) -> None:
        """`advice` is for the log, when Slack refuses."""
        self._database = database
        self._chat = chat
        self._table = table
        self._written = written
        self._advice = advice

    def once(self) -> bool:
        """False when there was nothing to tell."""
        with self._database.begin() as session:
            telling = owed_posts.take(session, self._table)
        if telling is None:
            return False
        try:
            outcome = self._post(telling)
        except TemporaryError as error:
            log.warning("not_told_yet", what=self._what, reason=str(error))
            with self._database.begin() as session:
                settled = error.happened is False
                owed_posts.postpone(session, self._table, telling, wait=error.retry_after, settled=settled)
        except PermanentError as error:
            log.error("not_told", what=self._what, reason=str(error), advice=self._advice)  # noqa: TRY400  # A refusal is no bug.
            self._finish(telling, "failed")
        else:
            self._finish(telling, outcome)
        return True

    @property
    def _what(self) -> str:
        return self._table.__name__

    def _post(self, telling: Telling) -> str:
        written = self._written(telling.id)
        if written is None:
            return "nothing"
        channel, message = written
        mark = str(telling.id)
        if telling.unsettled is None or not self._chat.find_post(
            channel, mark=mark, since=telling.unsettled - CLOCKS_DIFFER
        ):
            self._chat.post(channel, message, mark=mark)
        return "done"

    def _finish(self, telling: Telling, outcome: str) -> None:
        with self._database.begin() as session:
            owed_posts.finish(session, self._table, telling, outcome=outcome)


def admins(database: Database, chat: Chat, channel: str) -> Teller:
    """Tells the admins what the audit found."""

    def written(notice: UUID) -> tuple[str, Message]:
        with database.begin() as session:
            return channel, to_admins(admin_notices.text(session, notice))

    advice = "is ADMIN_CHANNEL the id of a channel that the app is in?"
    return Teller(database, chat, AdminNotice, written, advice=advice)
