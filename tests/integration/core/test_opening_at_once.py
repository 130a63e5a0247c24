"""The first reports of a fresh process come in several threads at once, and are written by the right statement."""

import subprocess
import sys

INTERPRETERS = 6
"""With an alias of the model in the statement, one in five got it wrong."""
COMPILE_AT_ONCE = """
import sys, threading
from sqlalchemy.dialects import postgresql
from incidents.opening import _OPEN

sys.setswitchinterval(1e-6)
threads, barrier, found = 16, threading.Barrier(16), []

def compile_it():
    barrier.wait()
    found.append(str(_OPEN.compile(dialect=postgresql.dialect())).rsplit("FROM", 1)[1].strip())

running = [threading.Thread(target=compile_it) for _ in range(threads)]
for each in running:
    each.start()
for each in running:
    each.join()
print(len(found), sorted(set(found)))
"""


def test_threads_that_write_the_first_reports_at_once_use_the_same_right_statement() -> None:
    for _ in range(INTERPRETERS):
        told = subprocess.run([sys.executable, "-c", COMPILE_AT_ONCE], capture_output=True, text=True, check=True)
        assert told.stdout.strip() == "16 ['opened']", told.stdout + told.stderr
