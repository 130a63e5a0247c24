"""Health checks from outside: `python -m app.alive WHAT` ends with 0 when the process that it is about is well.

WHAT is the file that this process touches every few seconds (`ALIVE_FILE`), or an address that it answers.
"""

import http.client
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

LATEST_SECONDS = 30.0
"""A file that is older counts as dead: then several beats were missed, not one."""
ANSWER_SECONDS = 4.0


def beats(file: Path) -> bool:
    """Was the file touched lately, in the machine's time?"""
    return file.exists() and time.time() - file.stat().st_mtime < LATEST_SECONDS


def answers(address: str) -> bool:
    """Does this address answer with success? A proxy that the environment names is not asked."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    what = sys.argv[1]
    sys.exit(not (answers(what) if what.startswith("http://") else beats(Path(what))))
