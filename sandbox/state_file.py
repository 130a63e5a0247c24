"""The file that the sandbox's world is kept in: JSON records in SQLite, so that a change is one small write."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

VERSION = 1
SIDE_FILES = ("", "-wal", "-shm", "-journal")


class OtherVersion(ValueError):
    """The file was written by a sandbox that keeps its world differently."""


class StateFile:
    """A change is whole or not there, also after `kill -9`; against a loss of power nothing is done."""

    def __init__(self, path: Path) -> None:
        """Raises: OtherVersion, or sqlite3.DatabaseError when it is no such file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None)
        try:
            self._prepare()
        except Exception:
            self._database.close()
            raise

    def _prepare(self) -> None:
        for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = OFF"):
            self._database.execute(f"PRAGMA {setting}").fetchall()
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and version != VERSION:
            raise OtherVersion(f"it has version {version}, this sandbox reads {VERSION}")
        if not tables:
            self._database.execute("CREATE TABLE records (key TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID")
            self._database.execute(f"PRAGMA user_version = {VERSION}")

    def records(self) -> dict[str, str]:
        """All of them, in the order of their keys."""
        return dict(self._database.execute("SELECT key, json FROM records ORDER BY key"))

    def write(self, changes: Mapping[str, str | None]) -> None:
        """None takes a record away."""
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT OR REPLACE INTO records VALUES (?, ?)",
            [(key, json) for key, json in changes.items() if json is not None],
        )
        self._database.executemany(
            "DELETE FROM records WHERE key = ?", [(key,) for key, json in changes.items() if json is None]
        )
        self._database.execute("COMMIT")

    def clear(self) -> None:
        self._database.execute("DELETE FROM records")

    def close(self) -> None:
        self._database.close()


def set_aside(path: Path) -> Path:
    """Where it is now."""
    aside = path.with_name(f"{path.name}.unreadable-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    for side in SIDE_FILES:
        file = path.with_name(path.name + side)
        if file.exists():
            file.rename(aside.with_name(aside.name + side))
    return aside
