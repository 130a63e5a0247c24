"""A process's heart: every few seconds it tells the database that this part works."""

from collections.abc import Callable
from pathlib import Path

from incidents import heartbeats
from incidents.store import Database


class Heart:
    """`alive` says whether the part does its work; without it the part counts as working while its process runs.

    `file` is touched at each beat that reached the database, for health checks that look at one process (`app.alive`).
    """

    def __init__(
        self, database: Database, part: str, *, alive: Callable[[], bool] = lambda: True, file: Path | None = None
    ) -> None:
        self._database = database
        self._part = part
        self._alive = alive
        self._file = file

    def once(self) -> None:
        if self._alive():
            with self._database.begin() as session:
                heartbeats.beat(session, self._part)
            if self._file is not None:
                self._file.touch()
