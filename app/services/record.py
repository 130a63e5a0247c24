"""Which processes we started, kept on disk, so that what a killed supervisor left behind is found and ended."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


def remember(record: Path, *, pid: int, stop_signal: int) -> None:
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps({"pid": pid, "born": _born(pid), "stop_signal": int(stop_signal)}))


def forget(record: Path) -> None:
    record.unlink(missing_ok=True)


def end_leftovers(data_dir: Path, grace: float = 8.0) -> list[str]:
    """End what still runs of an earlier start; the names of what was found. Call it while holding the folder's lock."""
    found = {record: json.loads(record.read_text()) for record in sorted((data_dir / "run").glob("*.json"))}
    alive = {record: noted for record, noted in found.items() if noted["born"] and _born(noted["pid"]) == noted["born"]}
    for noted in alive.values():
        _send(noted["pid"], noted["stop_signal"])
    deadline = time.monotonic() + grace
    for noted in alive.values():
        while _born(noted["pid"]) == noted["born"]:
            if time.monotonic() > deadline:
                _send(noted["pid"], signal.SIGKILL)
            time.sleep(0.05)
    for record in found:
        forget(record)
    return [record.stem for record in alive]


def runs(pid: int, name: str) -> bool:
    """Is there a live process of this id and this program? Yes where the machine does not tell."""
    if not Path("/proc/self/stat").exists():
        return True
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return f"({name})" in stat and stat.rpartition(")")[2].split()[0] != "Z"


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):  # It ended in the meantime.
        os.kill(pid, number)


def _born(pid: int) -> str | None:
    """When the process of this id was started, in whatever unit the machine tells it; None when there is none."""
    if Path("/proc/self/stat").exists():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] == "Z" else fields[19]
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout.strip() or None
