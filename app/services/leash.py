"""Runs a program that ends with its parent, even when the parent is killed. Run by path, so it imports nothing of ours.

Usage: `leash.py SIGNAL PARENT PROGRAM ARGUMENT…`
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(signal: int, parent: int) -> None:
    """Ask Linux for `signal` when the parent dies; elsewhere there is no such wish. Exits when it is dead already."""
    if sys.platform != "linux":
        return
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl refused PR_SET_PDEATHSIG")
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606  # To become the program is the purpose.
