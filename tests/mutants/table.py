"""What became of the mutants, as a table for people and as one line of JSON for programs."""

import json
from collections.abc import Mapping, Sequence

from tests.mutants import schedule_layer
from tests.mutants.mutant import Mutant
from tests.mutants.outcome import Outcome


def table(found: Mapping[str, Sequence[Outcome]], mutants: Mapping[str, Mutant]) -> str:
    """A row a mutant and layer; in **bold** the mutants that nothing caught."""
    rows = ["| mutant | layer | caught by | seconds |", "|---|---|---|---:|"]
    for name, outcomes in found.items():
        shown = name if any(outcome.caught for outcome in outcomes) else f"**{name}**"
        rows += [f"| {shown} | {each.layer} | {each.by or '-'} | {each.seconds:.0f} |" for each in outcomes]
    unseen = [f"{name}: no schedule catches it. {mutants[name].unseen}" for name in found if mutants[name].unseen]
    return "\n".join([*rows, "", *unseen])


def line(found: Mapping[str, Sequence[Outcome]], mutants: Mapping[str, Mutant]) -> str:
    told = {
        name: {
            "caught": any(outcome.caught for outcome in outcomes),
            "seed": known.seed if (known := schedule_layer.kept(name)) else None,
            "layers": {
                outcome.layer: {"caught": outcome.caught, "by": outcome.by, "seconds": round(outcome.seconds, 1)}
                for outcome in outcomes
            },
        }
        for name, outcomes in found.items()
    }
    return json.dumps({"mutants": told, "survived": [name for name, each in told.items() if not each["caught"]]})
