"""The short form of the statistics, as Slack shows it."""

from collections.abc import Mapping
from typing import Any

from incidents.ports import Message
from incidents.words import Route
from integrations.blocks import fit_blocks, header, section

_NAMES = {Route.MEMORY: "Memory", Route.LLM: "Model", Route.RULES: "Rules", Route.HUMAN: "People"}


def stats(counted: Mapping[str, Any]) -> Message:
    """Of `incidents.listing.stats`."""
    total = counted["total"]
    means = [
        ("acknowledged", counted["mean_seconds_to_acknowledge"]),
        ("resolved", counted["mean_seconds_to_resolve"]),
    ]
    times = ", ".join(f"{word} after {_long(seconds)}" for word, seconds in means if seconds is not None)
    first = f"*{total} incidents*" + (f", on average {times}" if times else "")
    decided = [_route(name, counted["routes"][route]) for route, name in _NAMES.items() if route in counted["routes"]]
    saved = counted["model_calls_saved"]
    last = [f"The memory saved {saved} {'question' if saved == 1 else 'questions'} to the model."] if saved else []
    lines = ["\n".join([first, *decided, *last])]
    return Message(
        text=f"Statistics: {total} incidents.", blocks=fit_blocks([header("Statistics"), *map(section, lines)])
    )


def _route(name: str, routed: Mapping[str, Any]) -> str:
    parts = [f"*{name}:* {routed['count']} ({round(100 * routed['share'])}%)"]
    if routed["p50_seconds"] is not None:
        parts.append(f"half of them within {_long(routed['p50_seconds'])}, 95% within {_long(routed['p95_seconds'])}")
        parts.append(f"{routed['corrected']} corrected")
    return " · ".join(parts)


def _long(seconds: float) -> str:
    """`0.4 s`, `3 min`, `5.2 h`."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{round(seconds / size, 1):g} {unit}"
    return f"{round(seconds, 1):g} s"
