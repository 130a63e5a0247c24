"""The ledger: every request that a stand-in got and what it changed, on disk before the reply goes out."""

import json
from array import array
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from sandbox.ledger_file import tidied


class Ledger:
    """Append-only; `seq` counts from 1 and goes on over a restart when a file is given.

    The entries stay in the file, and memory holds only where each begins. Of a file's entries the last 50,000 are
    taken over at the start.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._starts, self._last = array("q"), 0
        if path is None:
            self._file = TemporaryFile("w+b")  # noqa: SIM115 - It is open as long as the ledger.
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            self._starts, self._last = tidied(path)
        self._file = path.open("a+b")

    def write(
        self, *, provider: str, method: str, request: Any, response: Any, effect: Any = None, at: datetime | None = None
    ) -> dict[str, Any]:
        """`effect` names what changed in the stand-in's world; None when nothing did."""
        entry = {
            "seq": self._last + 1,
            "at": (at or datetime.now(UTC)).isoformat(),
            "provider": provider,
            "method": method,
            "request": request,
            "response": response,
            "effect": effect,
        }
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        self._starts.append(self._file.seek(0, 2))
        self._last += 1
        self._file.write(line)
        self._file.flush()
        return entry

    def after(self, seq: int, *, last: int = 0) -> list[str]:
        """The entries as JSON; `last` above 0 limits them to the newest so many."""
        first = self._last - len(self._starts) + 1
        index = max(0, seq + 1 - first, len(self._starts) - last if last > 0 else 0)
        if index >= len(self._starts):
            return []
        self._file.seek(self._starts[index])
        return self._file.read().decode().rstrip("\n").split("\n")

    def clear(self) -> None:
        """Empty the ledger; `seq` starts at 1 again."""
        self._starts, self._last = array("q"), 0
        self._file.truncate(0)
