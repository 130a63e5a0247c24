"""How soon all of the sandbox's servers answer, and how much memory they hold then: `python -m benchmarks.sandbox`."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from benchmarks.stage.ports import free_port

ATTEMPTS = 3
LONGEST_SECONDS = 20.0


def main() -> int:
    """Prints the median of three starts."""
    runs = sorted(_start() for _ in range(ATTEMPTS))
    ready, memory = runs[len(runs) // 2]
    print(json.dumps({"ready_s": round(ready, 2), "rss_mb": round(memory, 1)}))
    return 0


def _start() -> tuple[float, float]:
    """Ready is when the HTTP server answers, and the speech service and the mail server take connections.

    All of it is one process.
    """
    port = free_port(row=3)
    began = time.monotonic()
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--product", "http://127.0.0.1:9"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "ready" in process.stdout.readline(), "the sandbox did not start"
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=LONGEST_SECONDS):
                pass
            for each in (port + 1, port + 2):
                with socket.create_connection(("127.0.0.1", each), timeout=LONGEST_SECONDS):
                    pass
            return time.monotonic() - began, _memory(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=LONGEST_SECONDS)


def _memory(process: int) -> float:
    """The resident set, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
