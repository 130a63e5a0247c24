"""How much memory may answer alone, and how rightly: `python -m benchmarks.triage --data FILE.jsonl`.

Told in docs/benchmarks.md and docs/triage.md. The last line is one JSON object.
"""

import argparse
import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.stage import answering, baselines, deciding, figures, reliability, tickets
from benchmarks.stage.answering import Answerer, Outcome
from benchmarks.stage.figures import Figures
from benchmarks.stage.tickets import Ticket
from incidents.errors import PermanentError
from knowledge.embedding import Embedder
from knowledge.grams import Floats
from knowledge.judge import Rules
from knowledge.recollection import Recollection


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _arguments(arguments)
    try:
        told = _sped(asked) if asked.speed else _benched(asked)
    except (tickets.BadDataError, PermanentError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(told))
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.triage", description=__doc__)
    parser.add_argument("--data", type=Path, help="tickets with labels, one JSON object a line")
    parser.add_argument("--target", type=_share, default=0.95, help="what share of the answers is to be right")
    parser.add_argument("--warm", type=_share, default=0.05, help="this share of the tickets is given with labels")
    parser.add_argument("--seed", type=int, default=0, help="0: in the order of arrival; another: shuffled by it")
    parser.add_argument("--orders", type=int, default=1, help="so many seeds, from --seed on; the worst is told")
    parser.add_argument("--compare", action="store_true", help="a table with simpler ways, of the same run")
    parser.add_argument("--diagram", type=Path, help="write what was promised and what came as an SVG")
    parser.add_argument("--speed", type=int, nargs="+", help="instead: times of a decision with so many entries")
    parser.add_argument("--models", type=Path, default=Path(".data/models"), help="the folder of the embedding model")
    asked = parser.parse_args(arguments)
    if not asked.data and not asked.speed:
        parser.error("--data FILE.jsonl is needed: tickets with labels, one JSON object a line (docs/benchmarks.md)")
    if asked.orders < 1:
        parser.error("--orders must be at least 1")
    if asked.speed and min(asked.speed) < 1_000:
        parser.error("--speed begins at 1000 entries")
    return asked


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return share


def _sped(asked: argparse.Namespace) -> Figures:
    """On one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    told: Figures = {"benchmark": "triage", "machine": figures.machine(), "load_before": figures.load()}
    told["speed"] = []
    for entries in asked.speed:
        told["speed"].append(deciding.decided(asked.models, entries=entries))
        print(told["speed"][-1], file=sys.stderr, flush=True)
    return told | {"load_after": figures.load(), "rss_mb": _resident()}


class Vectors:
    """Each text's vector, made alone as in the product, and the seconds that took."""

    def __init__(self, models: Path) -> None:
        self._embedder = Embedder(models)
        self._embedder.embed(["Is everything loaded?"])
        self._made: dict[str, tuple[Floats, float]] = {}

    def make(self, rows: Sequence[Ticket]) -> None:
        for ticket in rows:
            if ticket.text not in self._made:
                began = time.perf_counter()
                vector = self._embedder.embed([ticket.text])[0]
                self._made[ticket.text] = vector, time.perf_counter() - began

    def of(self, text: str) -> Floats:
        return self._made[text][0]

    def seconds(self, text: str) -> float:
        return self._made[text][1]


def _benched(asked: argparse.Namespace) -> Figures:
    rows, ordered_by = tickets.read(asked.data)
    load = figures.load()
    vectors = Vectors(asked.models)
    vectors.make(rows)
    orders = []
    for seed in range(asked.seed, asked.seed + asked.orders):
        outcomes = _played(rows, seed, asked.warm, _memory(vectors, target=asked.target, seed=seed), vectors)
        orders.append({"seed": seed, **answering.told(outcomes)})
        print(json.dumps(orders[-1]), file=sys.stderr, flush=True)
        if asked.diagram and seed == asked.seed:
            asked.diagram.write_text(reliability.diagram(outcomes, title=asked.data.stem), encoding="utf-8")
    told = {
        "n": len(rows),
        **orders[0],
        "target": asked.target,
        "warm": asked.warm,
        "labels": _labels(rows),
        "ordered_by": ordered_by,
    }
    if asked.orders > 1:
        told["worst"] = min(orders, key=lambda order: (_or_one(order["bypass_accuracy"]), order["bypass"]))
        told["orders"] = orders
    if asked.compare:
        told["compared"] = _compared(rows, asked, vectors, ours=orders[0])
    return told | {"rss_mb": _resident(), "load_before": load, "load_after": figures.load()}


def _memory(vectors: Vectors, *, target: float, seed: int) -> Recollection:
    return Recollection(vectors.of, Rules(target=target), seed=seed)


def _played(rows: Sequence[Ticket], seed: int, warm: float, answerer: Answerer, vectors: Vectors) -> list[Outcome]:
    """In the order of that seed. The time of the vector, which was made before, belongs to each decision."""
    ordered = list(rows)
    if seed:
        random.Random(seed).shuffle(ordered)  # noqa: S311  # The same order again.
    given = max(1, int(len(ordered) * warm))
    outcomes = answering.play(ordered, answerer, warm=given)
    return [
        Outcome(outcome.guess, outcome.right, outcome.deciding + vectors.seconds(ticket.text), outcome.learning)
        for outcome, ticket in zip(outcomes, ordered[given:], strict=True)
    ]


def _compared(rows: Sequence[Ticket], asked: argparse.Namespace, vectors: Vectors, *, ours: Figures) -> list[Figures]:
    ways: dict[str, Callable[[], Answerer]] = {
        "nearest > 0.85": lambda: baselines.Nearest(vectors.of, above=0.85),
        "nearest > 0.60": lambda: baselines.Nearest(vectors.of, above=0.60),
        "vote of 10, calibrated": lambda: baselines.Vote(vectors.of, target=asked.target),
        "words, regression, calibrated": lambda: baselines.Words(target=asked.target),
    }
    table = [
        {"rule": rule, **answering.told(_played(rows, asked.seed, asked.warm, way(), vectors))}
        for rule, way in ways.items()
    ]
    table.append({"rule": "this memory", **ours})
    print("| rule | bypass | right (95 %) | late half (95 %) | all guesses |\n|---|---|---|---|---|")
    for row in table:
        right = _with_interval(row["bypass_accuracy"], row["bypass_wilson"])
        late = _with_interval(row["bypass_late_half"], row["late_half_wilson"])
        print(f"| {row['rule']} | {row['bypass']:.3f} | {right} | {late} | {row['accuracy_all']:.3f} |")
    return table


def _with_interval(share: float | None, interval: tuple[float, float]) -> str:
    return "–" if share is None else f"{share:.3f} ({interval[0]:.3f}–{interval[1]:.3f})"


def _labels(rows: Sequence[Ticket]) -> int:
    return len({ticket.label for ticket in rows})


def _or_one(share: float | None) -> float:
    return 1.0 if share is None else share


def _resident() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    sys.exit(main())
