"""The account of what models are asked, in the database: all workers share it, and a restart forgets nothing."""

from uuid import UUID

from incidents import model_calls
from incidents.model_calls import Ended
from incidents.store import Database


class StoredAccount:
    """Each organization may have `budget` calls a day. No transaction is open while a model is asked."""

    def __init__(self, database: Database, *, budget: int) -> None:
        self._database = database
        self._budget = budget

    def ask(self, organization: UUID, model: str) -> None:
        """Raises: OverBudget, Resting."""
        with self._database.begin() as session:
            model_calls.ask(session, organization, model, budget=self._budget)

    def ended(self, organization: UUID, model: str, what: Ended) -> None:
        with self._database.begin() as session:
            model_calls.ended(session, organization, model, what)
