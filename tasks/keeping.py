"""The memory is kept in agreement with SQL: what it was not told is told, and what is lost or damaged made anew."""

from collections import deque
from uuid import UUID

import structlog
from sqlalchemy.exc import NoResultFound

from incidents import lessons, tenants
from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Memory
from incidents.store import Database
from knowledge.settling import OrganizationRemoved, keep, settle

EVERY_SECONDS = 10.0
LOOKED_AT = 10
"""So many organizations' memories are looked at in a round, by turns."""

log = structlog.get_logger(__name__)


class Keeping:
    """Several processes may do it: who comes second finds it done, or does the same again."""

    def __init__(self, database: Database, memory: Memory) -> None:
        self._database = database
        self._memory = memory
        self._turns: deque[UUID] = deque()

    def once(self) -> int:
        """How many lessons the memory was told. While it is away nothing is lost: the next round tells it."""
        with self._database.begin() as session:
            waiting = lessons.organizations_unsettled(session)
            if not self._turns:
                self._turns.extend(each.id for each in tenants.all_of(session))
        looked_at = [self._turns.popleft() for _ in range(min(LOOKED_AT, len(self._turns)))]
        try:
            return sum(self._one(each, looks=each in looked_at) for each in dict.fromkeys([*waiting, *looked_at]))
        except (TemporaryError, PermanentError) as error:
            log.warning("memory_not_kept", reason=str(error), advice="triage goes on by model and rules meanwhile")
            return 0

    def _one(self, organization: UUID, *, looks: bool) -> int:
        store = self._database.store(organization)
        try:
            return (keep if looks else settle)(store, self._memory)
        except (OrganizationRemoved, NoResultFound):  # Its transaction may begin when it is gone already.
            return 0
