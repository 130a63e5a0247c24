"""Results on disk, one JSON line a seed, so that a run that was stopped goes on where it was."""

import json
import threading
from pathlib import Path

from tests.chaos.facts import Json


class Kept:
    """The last line of a seed counts. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)

    def add(self, result: Json) -> None:
        with self._lock, self._path.open("a") as file:
            file.write(json.dumps(result) + "\n")

    def results(self) -> list[Json]:
        if not self._path.exists():
            return []
        lines = [json.loads(line) for line in self._path.read_text().splitlines() if line.strip()]
        return sorted({line["seed"]: line for line in lines}.values(), key=lambda line: int(line["seed"]))
