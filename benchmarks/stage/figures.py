"""Figures of what was seen: percentiles, and what the machine was."""

import math
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least that share of the values do not exceed (the nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def spread(seconds: Sequence[float], *, unit: str = "ms") -> Figures:
    """How many there were and the percentiles, in `ms` or `s`; none of them when there were none."""
    if not seconds:
        return {"n": 0}
    factor, digits = {"ms": (1000, 1), "s": (1, 2)}[unit]
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    told = {f"{name}_{unit}": round(percentile(seconds, share) * factor, digits) for name, share in shares.items()}
    return {"n": len(seconds), **told, f"max_{unit}": round(max(seconds) * factor, digits)}


def machine() -> Figures:
    """What the figures were measured on."""
    model = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = [int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    return {
        "processor": model[0] if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory[0] / 2**20, 1) if memory else None,
        "python": platform.python_version(),
    }


def load() -> float:
    """How many processes wanted to run in the last minute; above the number of cores, others disturb the figures."""
    return round(os.getloadavg()[0], 2)


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
