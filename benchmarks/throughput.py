"""How many reports a second are accepted, and drained: `python -m benchmarks.throughput [--small] [--rate=250]`.

The prose is in docs/benchmarks.md.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stage import backlog, figures, load, memory
from benchmarks.stage.figures import Figures, spread
from benchmarks.stage.product import Product, child, eventually, product, servers

QUEUES = ("triage", "default")
SUSTAINED_P99 = 0.1
"""Seconds. A rate is sustained when all reports are accepted and 99 of 100 within this time."""


@dataclass(frozen=True)
class Size:
    """`seconds` of load; the rates that are tried, each for `step` seconds; how many reports each drain begins with."""

    seconds: float
    rates: tuple[int, ...]
    step: float
    workers: tuple[int, ...]
    drained: int
    at_sandbox: int
    patience: float


USUAL = Size(10, (150, 200, 250, 300, 350, 400, 500, 600), 4, (1, 2, 4), 300, 25, 240)
SMALL = Size(1, (20,), 0.5, (1,), 5, 2, 90)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="see whether it works; the figures say nothing")
    parser.add_argument("--rate", type=float, default=None, help="reports a second (default: 250)")
    asked = parser.parse_args()
    size = SMALL if asked.small else USUAL
    rate = asked.rate or (20 if asked.small else 250)
    told: Figures = {"benchmark": "throughput", "machine": figures.machine(), "load_before": figures.load()}
    with servers() as running:
        with product(running, sandbox=False) as tocsin:
            told["accepted"], told["memory"] = _accepted(tocsin, rate=rate, size=size)
            told["drained"] = {f"{n}_workers": _drained(tocsin, workers=n, size=size) for n in size.workers}
        with product(running, sandbox=False) as tocsin:
            told["sustained"] = _sustained(tocsin, size)
        with product(running, sandbox=True) as tocsin:
            told["drained_at_sandbox"] = _drain(tocsin, "sandbox", number=size.at_sandbox, patience=size.patience)
    told["load_after"] = figures.load()
    print(json.dumps(told))
    return 0


def _accepted(tocsin: Product, *, rate: float, size: Size) -> tuple[Figures, Figures]:
    """The load, until the last of it is drained; the same again, shorter, to see whether the memory stays."""
    _send(tocsin, "warm", rate=min(rate, 50), seconds=min(size.seconds, 2))
    _until_drained(tocsin, "warm", size.patience)
    held = {"before_mb": memory.resident(tocsin.process)}
    told = _round(tocsin, "first", rate=rate, seconds=size.seconds, patience=size.patience)
    held["after_mb"] = memory.resident(tocsin.process)
    _round(tocsin, "second", rate=rate, seconds=size.seconds / 2, patience=size.patience)
    held["after_second_mb"] = memory.resident(tocsin.process)
    held_by = {name: round(size) for name, size in memory.resident_by_program(tocsin.process).items()}
    rounded = {name: round(size, 1) for name, size in held.items()}
    _say(f"memory: {rounded}")
    return told, {**rounded, "now_by_process_mb": held_by}


def _round(tocsin: Product, prefix: str, *, rate: float, seconds: float, patience: float) -> Figures:
    began = time.monotonic()
    outcome = _send(tocsin, prefix, rate=rate, seconds=seconds)
    _until_drained(tocsin, prefix, patience)
    took = time.monotonic() - began
    rows = backlog.of(tocsin, prefix)
    told = {
        "rate_asked": rate,
        "rate_accepted": round(len(outcome.taken) / outcome.took, 1),
        "answer": spread(outcome.taken),
        "refused": len(outcome.refused),
        "accepted": len(outcome.taken),
        "in_database": rows.incidents,
        "in_database_once": rows.ids == rows.incidents == len(outcome.taken),
        "drained_s": round(took, 1),
        "drained_per_s": round(rows.incidents / took, 1),
    }
    _say(f"accepted: {told} {outcome.refused[:1]}")
    return told


def _sustained(tocsin: Product, size: Size) -> Figures:
    """Faster and faster, while the workers are busy with what was accepted before."""
    _send(tocsin, "warm", rate=size.rates[0] / 3, seconds=min(size.step, 2))
    best, tried = 0, []
    for rate in size.rates:
        outcome = _send(tocsin, f"rate{rate}", rate=rate, seconds=size.step)
        answer = spread(outcome.taken)
        tried.append({"rate": rate, "refused": len(outcome.refused), **answer})
        _say(f"sustained: {tried[-1]}")
        if outcome.refused or answer["p99_ms"] > SUSTAINED_P99 * 1000:
            break
        best = rate
    return {"per_s": best, "p99_limit_ms": SUSTAINED_P99 * 1000, "tried": tried}


def _drained(tocsin: Product, *, workers: int, size: Size) -> Figures:
    with _more_workers(tocsin, workers - 1):
        return _drain(tocsin, f"workers{workers}", number=size.drained, patience=size.patience)


def _drain(tocsin: Product, prefix: str, *, number: int, patience: float) -> Figures:
    """So many reports as fast as is modest, and the time until nothing of them is owed any more."""
    began = time.monotonic()
    outcome = _send(tocsin, prefix, rate=100, seconds=number / 100)
    _until_drained(tocsin, prefix, patience)
    took = time.monotonic() - began
    told = {"reports": len(outcome.taken), "took_s": round(took, 1), "per_s": round(len(outcome.taken) / took, 1)}
    _say(f"drained ({prefix}): {told}")
    return told


@contextmanager
def _more_workers(tocsin: Product, number: int) -> Iterator[None]:
    with TemporaryDirectory(prefix="tocsin-bench-") as folder, ExitStack() as stack:
        for n in range(number):
            for queue in QUEUES:
                log = Path(folder) / f"{queue}-{n}"
                stack.enter_context(child(["-m", "tasks.worker", queue], tocsin.environment, log, ready='"ready"'))
        yield


def _send(tocsin: Product, prefix: str, *, rate: float, seconds: float) -> load.Outcome:
    return load.run(tocsin.address, tocsin.key, rate=rate, seconds=seconds, prefix=prefix)


def _until_drained(tocsin: Product, prefix: str, patience: float) -> None:
    eventually(
        lambda: backlog.of(tocsin, prefix).is_drained, within=patience, saying=f"{prefix} is not drained", every=0.5
    )


def _say(text: str) -> None:
    print(f"{text} (load {figures.load()})", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
