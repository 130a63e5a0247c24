"""Hand-overs that are told by themselves: at a shift's end, in the channel of its schedule."""

from uuid import UUID

from incidents import shift_changes
from incidents.models import ShiftChange
from incidents.ports import Chat, Message
from incidents.store import Database
from integrations.hand_over import handed_over
from tasks.telling import Teller

EVERY_SECONDS = 5.0


class HandOvers:
    """Those of the first organization, whose Slack it is. Several processes may do it."""

    def __init__(self, database: Database, chat: Chat) -> None:
        self._database = database
        advice = "is the schedule's hand_over_channel the id of a channel that the app is in?"
        self._teller = Teller(database, chat, ShiftChange, self._written, advice=advice)

    def once(self) -> None:
        with self._database.only_store().begin() as tx:
            shift_changes.look(tx)
        while self._teller.once():
            pass

    def _written(self, change: UUID) -> tuple[str, Message] | None:
        with self._database.only_store().begin() as tx:
            told = shift_changes.told(tx, change)
        return None if told is None else (told.channel, handed_over(told.report))
