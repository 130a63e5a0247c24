"""The layers that are tests: run in the copy, and read from pytest's own report."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

from tests.mutants.outcome import NotRunError, Outcome

LONGEST = 900.0
FAILED = 1
"""pytest's exit codes: https://docs.pytest.org/en/stable/reference/exit-codes.html"""


def run(layer: str, tree: Path, *what: str) -> Outcome:
    """The first test of those that fails. Raises: NotRunError when none ran, or broke before it could fail.

    A mutant is caught by an assertion. A bug that lets no test begin says nothing about the tests.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tocsin-mutant-tests-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *what]
        command += [f"--junitxml={report}", f"--basetemp={folder}/tmp"]
        ended = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=LONGEST, check=False)
        failed = _first_failure(report) if report.exists() else None
    seconds = time.monotonic() - began
    if ended.returncode not in (0, FAILED) or (ended.returncode == FAILED and failed is None):
        raise NotRunError(f"{layer}: pytest ended with {ended.returncode}\n{(ended.stdout + ended.stderr)[-3000:]}")
    return Outcome(layer, caught=failed is not None, by=failed or "", seconds=seconds)


def _first_failure(report: Path) -> str | None:
    """The name of the first test that failed; one that broke in its fixtures does not count."""
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  # Our own pytest wrote it.
        if case.find("failure") is not None:
            return str(case.get("name"))
    return None
