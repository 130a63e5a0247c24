"""`python -m tests.plain_celery SCHEDULES SEED`: the same schedules on both designs at the same time, counted.

The last line is one JSON object.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields
from functools import reduce
from operator import add
from pathlib import Path

from tests.plain_celery.counting import Count, books
from tests.plain_celery.designs import KEY, Design, plain, tocsin
from tests.plain_celery.house import House
from tests.plain_celery.player import Played, Player
from tests.plain_celery.script import Script, script

SETTLES_WITHIN = 420.0
"""A ticket whose answer was lost is looked for during five minutes before it is created again."""
LOOK_EVERY = 10.0


def main() -> int:
    asked = _arguments()
    scripts = [script(asked.seed + number, keep_redis=asked.keep_redis) for number in range(asked.schedules)]
    with tempfile.TemporaryDirectory(prefix="tocsin-plain-", ignore_cleanup_errors=True) as folder:
        designs = [make(Path(folder)) for make in (tocsin, plain)]
        with ThreadPoolExecutor(len(designs)) as both:
            counts = list(both.map(lambda design: run(design, scripts), designs))
    totals = {design.name: reduce(add, count) for design, count in zip(designs, counts, strict=True)}
    _table(totals)
    told = {
        "schedules": asked.schedules,
        "first_seed": asked.seed,
        "redis_emptied": not asked.keep_redis,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[1], 2),
        **{name: asdict(count) for name, count in totals.items()},
        "bad_seeds": {
            design.name: [each.seed for each, found in zip(scripts, count, strict=True) if _is_bad(found)]
            for design, count in zip(designs, counts, strict=True)
        },
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def run(design: Design, scripts: list[Script]) -> list[Count]:
    """Everything up, all scripts played, and the counts of each once all is there or time is over."""
    with House(design.parts, design.settings.data_dir, begun=lambda: design.begin(design.database_url)) as house:
        player = Player(design, house)
        player.play(scripts)
        until = time.monotonic() + SETTLES_WITHIN
        while True:
            counts = _counted(design, scripts, player.played)
            if all(count.whole for count in counts) or time.monotonic() > until:
                return counts
            time.sleep(LOOK_EVERY)


def _counted(design: Design, scripts: list[Script], played: Played) -> list[Count]:
    settings = design.settings
    found = books(f"http://127.0.0.1:{settings.port}", f"http://127.0.0.1:{settings.sandbox_port}", KEY)
    counts = []
    for each in scripts:
        counts.append(found.count(each, played))
        for double in found.doubles:
            sys.stderr.write(f"{design.name}: called twice: {double}\n")
    return counts


def _is_bad(count: Count) -> bool:
    harmless = ("reports", "accepted", "calls")
    return any(getattr(count, each.name) for each in fields(Count) if each.name not in harmless)


def _table(totals: dict[str, Count]) -> None:
    names = list(totals)
    rows = [["", *names], ["---", *["---:"] * len(names)]]
    rows += [
        [each.name.replace("_", " "), *(str(getattr(totals[name], each.name)) for name in names)]
        for each in fields(Count)
    ]
    for row in rows:
        sys.stdout.write(f"| {' | '.join(row)} |\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.plain_celery", description=__doc__)
    parser.add_argument("schedules", type=int, nargs="?", default=5)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--keep-redis", action="store_true", help="Redis is killed where it would be emptied")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
