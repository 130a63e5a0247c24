"""The ledger's file at the start: a torn last line is cut off, and old entries go."""

import json
import shutil
from array import array
from pathlib import Path

MOST = 50_000


def tidied(path: Path) -> tuple["array[int]", int]:
    """Where each entry begins, and the last one's `seq`."""
    starts = array("q")
    at, line = 0, b""
    with path.open("rb") as file:
        for line in file:
            starts.append(at)
            at += len(line)
    if line and not line.endswith(b"\n"):
        at = starts.pop()
        with path.open("r+b") as file:
            file.truncate(at)
    if len(starts) > MOST:
        _drop_before(path, first := starts[-MOST])
        starts = array("q", (start - first for start in starts[-MOST:]))
    return starts, _last_seq(path, starts)


def _drop_before(path: Path, start: int) -> None:
    rest = path.with_name(f"{path.name}.new")
    with path.open("rb") as old, rest.open("wb") as new:
        old.seek(start)
        shutil.copyfileobj(old, new)
    rest.replace(path)


def _last_seq(path: Path, starts: "array[int]") -> int:
    if not starts:
        return 0
    with path.open("rb") as file:
        file.seek(starts[-1])
        return int(json.loads(file.readline())["seq"])
