"""Plays scripts on one design: people who report and acknowledge until they are answered, and what breaks."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from tests.plain_celery.designs import KEY, Design
from tests.plain_celery.house import House
from tests.plain_celery.script import WINDOW, Report, Script, Trouble

PATIENCE = 60.0
"""So long a person goes on trying."""


@dataclass
class Played:
    """`accepted` are the reports answered with success; `acknowledged` says when, on the wall's clock."""

    accepted: set[str] = field(default_factory=set)
    acknowledged: dict[str, float] = field(default_factory=dict)


class Player:
    def __init__(self, design: Design, house: House) -> None:
        self._design = design
        self._house = house
        self._http = httpx.Client(timeout=5, trust_env=False, headers={"X-API-Key": KEY})
        self._address = f"http://127.0.0.1:{design.settings.port}"
        self._sandbox = f"http://127.0.0.1:{design.settings.sandbox_port}"
        self.played = Played()

    def play(self, scripts: Sequence[Script]) -> None:
        """One after the other, each in its own window of time; returns when the last window is over."""
        began = time.monotonic()
        with ThreadPoolExecutor(32) as people:
            going_on: list[Future[None]] = []
            for number, script in enumerate(scripts):
                chance = random.Random(script.seed)  # noqa: S311  # Chance that repeats itself, no secret.
                start = began + number * WINDOW
                happens: list[tuple[float, Report | Trouble]]
                happens = [(start + report.at, report) for report in script.reports]
                happens += [(start + trouble.at, trouble) for trouble in script.troubles]
                for at, what in sorted(happens, key=lambda each: each[0]):
                    time.sleep(max(0.0, at - time.monotonic()))
                    if isinstance(what, Report):
                        going_on.append(people.submit(self._report, what))
                    else:
                        self._break(what, chance)
            for each in going_on:
                each.result()
        self._sandbox_is_well()

    def _report(self, report: Report) -> None:
        body = {"id": report.id, "title": f"Report {report.id}", "severity": report.severity}
        begun = time.monotonic()
        if self._until_answered("/api/v1/incidents", body, 202) is None:
            return
        self.played.accepted.add(report.id)
        if report.acknowledged_at is not None:
            time.sleep(max(0.0, report.acknowledged_at - report.at - (time.monotonic() - begun)))
            answered = self._until_answered(f"/api/v1/incidents/{report.id}/ack", {}, 200)
            if answered is not None:
                self.played.acknowledged[report.id] = answered

    def _until_answered(self, path: str, body: dict[str, str], wanted: int) -> float | None:
        """The wall's time of the success; None when patience ended."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if self._http.post(f"{self._address}{path}", json=body).status_code == wanted:
                    return time.time()
            except httpx.HTTPError:
                pass  # Who is not answered tries again.
            time.sleep(0.5)
        return None

    def _break(self, trouble: Trouble, chance: random.Random) -> None:
        workers = self._design.workers
        match trouble.what:
            case "kill the workers":
                self._house.kill(*workers)
            case "kill a worker process":
                self._house.kill_one(*workers, chance=chance)
            case "kill the web":
                self._house.kill("web")
            case "kill Redis":
                self._house.kill("redis")
            case "empty Redis":
                self._design.empty_redis()
            case fault:
                asked = {"provider": trouble.provider, "method": trouble.method, "kind": fault, "times": trouble.times}
                self._http.post(f"{self._sandbox}/control/fault", json=asked).raise_for_status()

    def _sandbox_is_well(self) -> None:
        self._http.delete(f"{self._sandbox}/control/fault").raise_for_status()
