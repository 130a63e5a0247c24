"""The sandbox's world outlives its process: what changed is written to a file before anybody hears of it."""

import sqlite3
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Protocol

from sandbox.state_file import StateFile, set_aside

Records = Mapping[str, str | None]
"""Key to JSON; None for what is gone."""


class Part(Protocol):
    """A provider's share of the world."""

    def records(self, effect: Any, known: Collection[str]) -> Records:
        """What `effect` may have changed, or for None everything; `known` are the keys that are in the file."""

    def restore(self, records: Mapping[str, str]) -> None:
        """Into the default world, in the order of the keys. Raises: ValueError, TypeError, LookupError."""


class State:
    """Without a path nothing is kept, and keeping costs nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._file: StateFile | None = None
        self._parts: dict[str, Part] = {}
        self._known: dict[str, dict[str, int]] = {}

    def join(self, provider: str, part: Part) -> None:
        self._parts[provider] = part
        self._known[provider] = {}

    def open(self, begin_anew: Callable[[], None]) -> None:
        """The world as it was; a file that cannot be read is set aside, and the world begins anew."""
        if self._path is None:
            return
        try:
            self._file = StateFile(self._path)
            self._restore(self._file.records())
        except sqlite3.OperationalError:
            raise
        except (sqlite3.DatabaseError, ValueError, TypeError, LookupError) as error:
            if self._file is not None:
                self._file.close()
            aside = set_aside(self._path)
            why = str(error).splitlines()[0]
            line = f"sandbox: {self._path} cannot be read ({why}). It is now {aside}; the world begins anew."
            sys.stderr.write(f"{line}\n")
            begin_anew()
            self._forget()
            self._file = StateFile(self._path)
        self.keep_all()

    def keep(self, provider: str, effect: Any = None) -> None:
        """Called before a reply goes out, or a request to the product."""
        part = self._parts.get(provider)
        if self._file is None or part is None:
            return
        known = self._known[provider]
        found = part.records(effect, known.keys())
        changed = {key: json for key, json in found.items() if known.get(key) != (None if json is None else hash(json))}
        if changed:
            self._file.write({f"{provider}/{key}": json for key, json in changed.items()})
        for key, json in changed.items():
            if json is None:
                del known[key]
            else:
                known[key] = hash(json)

    def keep_all(self) -> None:
        for provider in self._parts:
            self.keep(provider)

    def clear(self) -> None:
        self._forget()
        if self._file is not None:
            self._file.clear()

    def close(self) -> None:
        if self._file is not None:
            self.keep_all()
            self._file.close()
            self._file = None

    def _restore(self, records: Mapping[str, str]) -> None:
        of: dict[str, dict[str, str]] = {provider: {} for provider in self._parts}
        for key, json in records.items():
            provider, _, rest = key.partition("/")
            of[provider][rest] = json
        for provider, part in self._parts.items():
            part.restore(of[provider])
            self._known[provider] = {key: hash(json) for key, json in of[provider].items()}

    def _forget(self) -> None:
        for known in self._known.values():
            known.clear()
