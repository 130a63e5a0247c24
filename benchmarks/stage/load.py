"""Reports at a given rate, whatever becomes of them: `python -m benchmarks.stage.load ADDRESS KEY RATE SECONDS PREFIX`.

An open loop: each report has its moment, and its time counts from that moment on, so that a server that falls behind
cannot hide it by being asked less. A process of its own, so that it shares no interpreter with what it measures.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CONNECTIONS = 32
PATIENCE_SECONDS = 30.0
TEXTS = (
    ("Checkout answers 500 for every third customer", "Since the deployment of 14:02 the payment service times out."),
    ("Database replica lags by ten minutes", "Reports show numbers of this morning; WAL is piling up on the primary."),
    ("Disk of the build server is 97 % full", "Old images are not cleaned up any more; the next night it is full."),
    ("Login page is slow from Asia", "TLS handshakes take four seconds; Europe and America are fine."),
)


@dataclass(frozen=True)
class Outcome:
    """`taken` are the seconds of the reports that were accepted, `refused` what the others were told."""

    took: float
    taken: list[float]
    refused: list[str]


def run(address: str, key: str, *, rate: float, seconds: float, prefix: str) -> Outcome:
    """In a process of its own, to the last answer."""
    arguments = [address, key, str(rate), str(seconds), prefix]
    command = [sys.executable, "-m", "benchmarks.stage.load", *arguments]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Outcome(**told)


class Reporter:
    """Sends report n at `began + n / rate`; threads take the next number that nobody has."""

    def __init__(self, address: str, key: str, *, rate: float, seconds: float, prefix: str) -> None:
        self._address = urlsplit(address)
        self._headers = {"X-API-Key": key, "Content-Type": "application/json"}
        self._rate, self._prefix = rate, prefix
        self._numbers = iter(range(round(rate * seconds)))
        self._lock = threading.Lock()
        self.taken: list[float] = []
        self.refused: list[str] = []

    def run(self) -> float:
        """Seconds from the first report's moment to the last answer."""
        self._began = time.perf_counter() + 0.2
        threads = [threading.Thread(target=self._work) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - self._began

    def _work(self) -> None:
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port, timeout=PATIENCE_SECONDS
        )
        while True:
            with self._lock:
                number = next(self._numbers, None)
            if number is None:
                connection.close()
                return
            due = self._began + number / self._rate
            time.sleep(max(due - time.perf_counter(), 0))
            try:
                connection.request("POST", "/api/v1/incidents", body(f"{self._prefix}-{number}"), self._headers)
                answer = connection.getresponse()
                said = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.refused.append(repr(error))
                connection.close()
                continue
            if answer.status == 202:
                self.taken.append(time.perf_counter() - due)
            else:
                self.refused.append(f"{answer.status} {said[:100]!r}")


def body(name: str) -> str:
    number = int(name.rpartition("-")[2])
    title, description = TEXTS[number % len(TEXTS)]
    report = {"id": name, "title": title, "description": description, "severity": "LOW", "source": "benchmark"}
    return json.dumps({**report, "metadata": {"host": f"web-{number % 17}", "region": "eu-west-1"}})


def main() -> int:
    address, key, rate, seconds, prefix = sys.argv[1:]
    reporter = Reporter(address, key, rate=float(rate), seconds=float(seconds), prefix=prefix)
    took = reporter.run()
    print(json.dumps({"took": took, "taken": reporter.taken, "refused": reporter.refused}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
