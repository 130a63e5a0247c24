"""What a web request works with: the settings, the database and the providers of this application."""

from dataclasses import dataclass

from flask import current_app

from app.bootstrap import Providers
from app.settings import Settings
from incidents.store import Database, Store
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
        """The organization's view of the database."""
        return self.database.only_store()


def desk() -> Desk:
    """The desk of the application that answers the present request."""
    found: Desk = current_app.extensions[EXTENSION]
    return found
