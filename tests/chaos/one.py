"""Plays one schedule on a stack of its own, from the first report until nothing is owed, and judges it."""

import argparse
import json
import os
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.chaos import paging
from tests.chaos.breaking import Breaking
from tests.chaos.facts import Broke, Facts, Json, Moved, seconds
from tests.chaos.invariants import TERMINAL, broken_by
from tests.chaos.people import Handsets, People
from tests.chaos.schedule import TROUBLE_SECONDS, Act, Fault, Schedule
from tests.chaos.stack import Stack, copy_of_prepared

SETTLES_WITHIN = 240.0
LONGEST_STEP = 60.0
LOOK_EVERY = 1.0


def play(schedule: Schedule, folder: Path, *, tree: Path, prepared: Path) -> Facts:
    """The stack is gone when it returns; its folder stays."""
    data_dir = folder / "data"
    copy_of_prepared(prepared, data_dir)
    facts = Facts(schedule)
    with Stack(data_dir, tree=tree, seed=schedule.seed, sweeps=schedule.sweeps, socket=schedule.socket) as stack:
        people = People(stack.play, facts)
        handsets = Handsets(stack.play, facts)
        for act in schedule.settings:
            people.sets(act)
        facts.began = time.time()
        facts.moved.append(Moved(0.0, 0.0))
        handsets.start()
        _trouble(stack, facts, people)
        _settle(stack, facts, people)
        handsets.over.set()
        facts.ended = time.time()
        _collect(stack, facts)
    facts.log = stack.log.read_text(errors="replace")
    return facts


def _trouble(stack: Stack, facts: Facts, people: People) -> None:
    """Acts run beside each other in threads; faults in this one. In the end everything is well again."""
    breaking = Breaking(stack, facts)
    threads: list[threading.Thread] = []
    ends: list[tuple[float, Callable[[], None]]] = []

    def act(what: Act) -> None:
        threads.append(threading.Thread(target=people.do, args=(what,), daemon=True))
        threads[-1].start()

    def fault(what: Fault) -> None:
        ends.append((time.time() + what.lasts, breaking.begin(what)))

    steps: list[tuple[float, Callable[[], None]]] = [
        *((each.at, lambda each=each: act(each)) for each in facts.schedule.acts),
        *((each.at, lambda each=each: fault(each)) for each in facts.schedule.faults),
    ]
    for at, step in sorted(steps, key=lambda step: step[0]):
        _wait(facts.began + at, ends)
        step()
    _wait(facts.began + TROUBLE_SECONDS, ends)
    while ends:
        _wait(min(at for at, _ in ends), ends)
    stack.play.http.request("DELETE", f"{stack.play.sandbox}/control/fault")
    for person in (stack.play.bea, stack.play.cy):
        stack.play.control(f"/control/phone/{person.phone.number}/line", {"line": "free"})
    for thread in threads:
        thread.join(60)
    facts.well_at = time.time()


def _wait(until: float, ends: list[tuple[float, Callable[[], None]]]) -> None:
    """Until that time, ending the faults whose time is over."""
    while True:
        now = time.time()
        for at, end in [each for each in ends if each[0] <= now]:
            ends.remove((at, end))
            end()
        if now >= until:
            return
        time.sleep(min(0.02, max(until - now, 0.0)))


def _settle(stack: Stack, facts: Facts, people: People) -> None:
    """Until nothing is owed, with the store's clock hurried on; what is never done, is told as owed."""
    ends = time.time() + SETTLES_WITHIN
    calm = 0
    while time.time() < ends:
        stack.play.control("/control/slack/redeliver", {})
        try:
            _look(stack, facts)
        except (AssertionError, KeyError, OSError, ValueError) as error:
            facts.gave_up = f"the product does not answer: {error}"[:300]
            time.sleep(LOOK_EVERY)
            continue
        facts.gave_up = ""
        calm = calm + 1 if _is_calm(facts) and (facts.schedule.ladder or not _rings(stack)) else 0
        if calm >= 2:
            return
        if not facts.schedule.ladder:
            _acknowledge_the_rest(facts, people)
        if wait := _next_due(facts):
            people.forward(min(wait + 0.5, LONGEST_STEP))
        time.sleep(LOOK_EVERY)
    facts.gave_up = facts.gave_up or f"it did not settle within {SETTLES_WITHIN:.0f} s"


def _look(stack: Stack, facts: Facts) -> None:
    facts.incidents = stack.play.incidents()
    numbers = [each["number"] for each in facts.incidents]
    facts.jobs = {number: stack.play.jobs(number) for number in numbers}
    facts.timelines = {number: stack.play.timeline(number) for number in numbers}


def _rings(stack: Stack) -> bool:
    """A phone that rings for nothing more must be seen to ring on, and not be cut off by our leaving."""
    return any(each.phone.state()["state"] == "ringing" for each in (stack.play.bea, stack.play.cy))


def _is_calm(facts: Facts) -> bool:
    return all(
        each["triage"] in TERMINAL
        and each["channel"]
        and each["ticket"]
        and all(job["done_at"] for job in facts.jobs[each["number"]])
        for each in facts.incidents
    )


def _next_due(facts: Facts) -> float:
    """How long nothing new is due by the store's clock, in seconds; 0 when nothing is owed for later."""
    now = facts.store_time(time.time())
    dues = [seconds(job["due"]) - now for jobs in facts.jobs.values() for job in jobs if not job["done_at"]]
    return min([due for due in dues if due > 0], default=0.0)


def _acknowledge_the_rest(facts: Facts, people: People) -> None:
    """What was called about since all is well, or needs no call, is taken by a program."""
    for each in facts.incidents:
        paged = [seconds(line["at"]) for line in facts.timelines[each["number"]] if line["kind"] == "paged"]
        since_well = any(facts.machine_time(at) > facts.well_at for at in paged)
        if each["status"] == "open" and (since_well or len(paged) > 2):
            people.acknowledge(-1, each["number"])


def _collect(stack: Stack, facts: Facts) -> None:
    lines = (stack.data_dir / "ledger.jsonl").read_text().splitlines()
    facts.ledger = [json.loads(line) for line in lines]
    facts.met = {name: proxy.met.by_kind for name, proxy in stack.network.proxies.items()}


def verdict(facts: Facts) -> Json:
    """The line that is kept of a run."""
    broken = broken_by(facts)
    if facts.gave_up:
        broken["settled"] = [facts.gave_up]
    effects = Counter(entry["method"] for entry in facts.ledger if entry["effect"])
    faults = Counter(_name(broke) for broke in facts.broke)
    return {
        "seed": facts.schedule.seed,
        "ok": not broken,
        "broken": broken,
        "reports": len(facts.incidents),
        "calls": effects[paging.CREATE_CALL],
        "channels": effects["conversations.create"],
        "tickets": sum(times for method, times in effects.items() if method.endswith("/issue")),
        "acknowledged": sum(each["status"] != "open" for each in facts.incidents),
        "faults": dict(sorted(faults.items())),
        "met": facts.met,
        "worst_page_lateness": paging.lateness(facts),
        "settled_after": round(facts.ended - facts.well_at, 1),
        "seconds": round(facts.ended - facts.began, 1),
        "load": round(os.getloadavg()[0], 1),
    }


def _name(broke: Broke) -> str:
    detail: Any = broke.with_.get("rule") or broke.with_.get("kind") or broke.kind
    return f"{broke.on}: {detail}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.one", description=__doc__)
    parser.add_argument("schedule", type=Path, help="a schedule as JSON")
    parser.add_argument("folder", type=Path, help="made anew, and left for whoever looks at a failure")
    parser.add_argument("--tree", type=Path, required=True)
    parser.add_argument("--prepared", type=Path, required=True)
    asked = parser.parse_args()
    schedule = Schedule.of_json(json.loads(asked.schedule.read_text()))
    shutil.rmtree(asked.folder, ignore_errors=True)
    asked.folder.mkdir(parents=True)
    facts = play(schedule, asked.folder, tree=asked.tree, prepared=asked.prepared)
    result = verdict(facts)
    facts.save(asked.folder / "facts.json")
    (asked.folder / "result.json").write_text(json.dumps(result, indent=1))
    sys.stdout.write(json.dumps(result) + "\n")
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
