"""What a set of runs showed, as Markdown for people and one line of JSON for programs."""

import json
from collections import Counter
from collections.abc import Sequence

from tests.chaos.facts import Json

ANSWERS = {
    "reports lost": ("accepted_once", "triaged_in_the_end"),
    "done twice": ("one_channel", "one_card", "one_ticket", "called_once_a_step"),
    "steps missed": ("called_in_time",),
    "calls later than 1 s after the acknowledgement": ("quiet_after_acknowledgement",),
}


def report(results: Sequence[Json], *, wanted: int, tree: str) -> tuple[str, str]:
    """The text, and the line."""
    broken = Counter(name for result in results for name in result["broken"])
    faults: Counter[str] = Counter()
    for result in results:
        faults.update(result["faults"])
    sums = {name: sum(result[name] for result in results) for name in ("reports", "calls", "channels", "tickets")}
    answers = {
        what: sum(len(result["broken"].get(name, [])) for result in results for name in names)
        for what, names in ANSWERS.items()
    }
    failed = [result["seed"] for result in results if not result["ok"]]
    lateness = max((result["worst_page_lateness"] for result in results), default=0.0)
    load = max((result["load"] for result in results), default=0.0)
    line = {
        "tree": tree,
        "wanted": wanted,
        "done": len(results),
        "failed": failed,
        **sums,
        "faults": sum(faults.values()),
        "broken": dict(broken),
        "answers": answers,
        "worst_page_lateness": lateness,
        "highest_load": load,
    }
    rows = [
        f"# {len(results)} of {wanted} schedules on {tree}",
        "",
        f"{len(failed)} failed{': seeds ' + ', '.join(map(str, failed)) if failed else ''}.",
        f"{sums['reports']} reports, {sums['calls']} calls, {sums['channels']} channels, {sums['tickets']} tickets.",
        f"{sum(faults.values())} faults. Worst lateness of a call after the trouble: {lateness:.1f} s.",
        f"The machine had up to {load:.0f} processes waiting to run.",
        "",
        "| what | times |",
        "|---|---|",
        *(f"| {what} | {times} |" for what, times in answers.items()),
        *(f"| broken: {name} (schedules) | {times} |" for name, times in sorted(broken.items())),
        "",
        "| fault | injected |",
        "|---|---|",
        *(f"| {name} | {times} |" for name, times in sorted(faults.items())),
        "",
    ]
    return "\n".join(rows), json.dumps(line)
