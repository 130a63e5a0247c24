"""Triage and the default worker leave the processor to those who accept reports and call people."""

import subprocess
import sys

from tasks.worker import AUTOGROUP, YIELDS

TELL = """
import os

from tasks.worker import AUTOGROUP, yield_to_others

yield_to_others()
print(os.nice(0))
print(AUTOGROUP.read_text() if AUTOGROUP.exists() else "")
"""


def told(*, session_of_its_own: bool) -> list[str]:
    asked = [sys.executable, "-c", TELL]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, start_new_session=session_of_its_own)
    return done.stdout.split()


def test_a_part_in_a_session_of_its_own_yields_as_a_process_and_as_a_session() -> None:
    said = told(session_of_its_own=True)
    assert int(said[0]) == YIELDS
    # A kernel that does not weigh sessions says nothing of them.
    assert said[1:] == [] or said[2:] == ["nice", str(YIELDS)]


def test_a_worker_that_somebody_starts_in_a_terminal_leaves_the_terminal_as_it_is() -> None:
    before = AUTOGROUP.read_text() if AUTOGROUP.exists() else None
    assert int(told(session_of_its_own=False)[0]) == YIELDS
    assert before == (AUTOGROUP.read_text() if AUTOGROUP.exists() else None)
