"""What a web request works with: the settings, the database and the providers of this application."""

from dataclasses import dataclass

from flask import current_app, g

from app.bootstrap import Providers
from app.settings import Settings
from incidents.ports import Chat
from incidents.store import Database, Store
from web.caller import Caller
from web.deep import Asking

EXTENSION = "tocsin"


@dataclass(frozen=True, slots=True)
class Desk:
    settings: Settings
    database: Database
    providers: Providers
    asking: Asking

    @property
    def store(self) -> Store:
        """The database as the caller's organization sees it; without a caller, as the first one does."""
        found: Caller | None = g.get("caller")
        if found is None or found.organization is None:
            return self.database.only_store()
        return self.database.store(found.organization)

    @property
    def chat(self) -> Chat | None:
        """The Slack of the caller's organization: only the first one has it."""
        return self.providers.chat if self.database.is_first(self.store.organization) else None


def desk() -> Desk:
    """The desk of the application that answers the present request."""
    found: Desk = current_app.extensions[EXTENSION]
    return found
