"""`make mutants`: every mutant through the layers that must catch it.

`python -m tests.mutants NAME… --layers test crash machine schedules`; with `--search 15` the first seeds are tried
instead of the schedule that is kept, and the one that catches the mutant is kept. The last line is one JSON object.
"""

import argparse
import sys
import time
from pathlib import Path

from tests.mutants import schedule_layer
from tests.mutants.catalogue import MUTANTS
from tests.mutants.layers import LAYERS
from tests.mutants.mutant import Mutant, OutOfDateError
from tests.mutants.outcome import NotRunError, Outcome
from tests.mutants.table import line, table
from tests.mutants.tree import mutated


def main() -> int:
    """0 when every mutant was caught, 1 when one got through, 2 when one could not be tried."""
    asked = _parser().parse_args()
    found: dict[str, list[Outcome]] = {}
    wrong = 0
    for name in asked.names or MUTANTS:
        try:
            with mutated(MUTANTS[name]) as tree:
                found[name] = _through(MUTANTS[name], tree, asked)
        except (OutOfDateError, NotRunError) as error:
            wrong += 1
            _tell(f"{name} COULD NOT BE TRIED: {error}")
    sys.stdout.write(f"{table(found, MUTANTS)}\n{line(found, MUTANTS)}\n")
    if wrong:
        return 2
    return 0 if all(any(outcome.caught for outcome in outcomes) for outcomes in found.values()) else 1


def _through(mutant: Mutant, tree: Path, asked: argparse.Namespace) -> list[Outcome]:
    outcomes = []
    for layer in asked.layers:
        if layer == "schedules" and asked.search:
            seeds = schedule_layer.of_seeds(asked.first, asked.search)
            outcome = schedule_layer.run(mutant.name, tree, seeds, keeps=True)
        else:
            tried = LAYERS[layer](mutant, tree)
            if tried is None:
                continue
            outcome = tried
        _tell(f"{mutant.name}, {outcome.layer}: {outcome.by or 'NOT CAUGHT'} ({outcome.seconds:.0f} s)")
        outcomes.append(outcome)
    return outcomes


def _tell(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*MUTANTS, []], help="all when none is given")
    parser.add_argument("--layers", nargs="+", choices=list(LAYERS), default=list(LAYERS))
    parser.add_argument("--search", type=int, default=0, help="try so many seeds instead of the schedule that is kept")
    parser.add_argument("--first", type=int, default=1, help="the first seed to try")
    return parser


if __name__ == "__main__":
    sys.exit(main())
