"""The roll call: who is in the Slack groups that policies name, asked each minute and kept, for calls need no Slack."""

import structlog

from incidents import groups, paging
from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Chat
from incidents.store import Database

EVERY_SECONDS = 60.0

log = structlog.get_logger(__name__)


class RollCall:
    """For the first organization, whose Slack it is. Several processes may do it."""

    def __init__(self, database: Database, chat: Chat) -> None:
        self._database = database
        self._chat = chat

    def once(self) -> bool:
        """Whether anything is other than it was. While Slack does not say, those who were there last are."""
        store = self._database.only_store()
        with store.begin() as tx:
            concerned = groups.concerned(tx)
        if not concerned:
            return False
        try:
            found = self._chat.groups()
        except (TemporaryError, PermanentError) as error:
            advice = "those who were in the groups when Slack was asked last are called"
            log.warning("groups_not_known", reason=str(error), advice=advice)
            return False
        with store.begin() as tx:
            news = groups.take_in(tx, found, of=concerned)
            if news:
                paging.look_at_all_again(tx, locks_members=False)  # Whom a page waits for may not be there any more.
        return news
