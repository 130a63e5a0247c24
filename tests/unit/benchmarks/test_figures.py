"""The figures that benchmarks print: percentiles by nearest rank, memory of a process and all below it."""

import os
import subprocess
import sys

import pytest

from benchmarks.stage import figures, memory
from benchmarks.stage.load import body


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_of_a_hundred_values_the_percentile_is_the_value_of_that_rank(share: float, expected: float) -> None:
    assert figures.percentile(list(range(100, 0, -1)), share) == expected


def test_the_percentile_of_a_few_values_is_one_of_them() -> None:
    assert figures.percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert figures.percentile([3.0, 1.0], 0.99) == 3.0


def test_a_spread_tells_how_many_there_were_in_the_unit_asked_for() -> None:
    assert figures.spread([0.001, 0.002, 0.004]) == {
        "n": 3,
        "p50_ms": 2.0,
        "p95_ms": 4.0,
        "p99_ms": 4.0,
        "max_ms": 4.0,
    }
    assert figures.spread([1.234], unit="s")["p50_s"] == 1.23


def test_a_spread_of_nothing_claims_nothing() -> None:
    assert figures.spread([]) == {"n": 0}


def test_the_machine_is_told_with_its_cores() -> None:
    assert figures.machine()["cores"] == len(os.sched_getaffinity(0))


def test_memory_counts_children_too() -> None:
    alone = memory.resident(os.getpid())
    with subprocess.Popen([sys.executable, "-c", "print('here', flush=True); input()"], stdin=-1, stdout=-1) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.readline()
        assert memory.resident(child.pid) > 1
        assert memory.resident(os.getpid()) > alone
        child.stdin.close()


def test_each_report_of_a_load_has_an_id_of_its_own() -> None:
    assert len({body(f"first-{number}") for number in range(100)}) == 100
