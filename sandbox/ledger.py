"""The ledger: every request that a stand-in got and what it changed, on disk before the reply goes out."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Ledger:
    """Append-only; `seq` counts from 1 and goes on over a restart when a file is given."""

    def __init__(self, path: Path | None = None) -> None:
        self._entries: list[dict[str, Any]] = []
        self._file = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                self._entries = [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]
            self._file = path.open("a", encoding="utf-8")
            if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
                self._file.write("\n")

    def write(
        self, *, provider: str, method: str, request: Any, response: Any, effect: Any = None, at: datetime | None = None
    ) -> dict[str, Any]:
        """`effect` names what changed in the stand-in's world; None when nothing did."""
        entry = {
            "seq": (self._entries[-1]["seq"] if self._entries else 0) + 1,
            "at": (at or datetime.now(UTC)).isoformat(),
            "provider": provider,
            "method": method,
            "request": request,
            "response": response,
            "effect": effect,
        }
        self._entries.append(entry)
        if self._file is not None:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._file.flush()
        return entry

    def after(self, seq: int) -> list[dict[str, Any]]:
        first = self._entries[0]["seq"] if self._entries else 1
        return self._entries[max(0, seq + 1 - first) :]

    def clear(self) -> None:
        """Empty the ledger; `seq` starts at 1 again."""
        self._entries.clear()
        if self._file is not None:
            self._file.truncate(0)
