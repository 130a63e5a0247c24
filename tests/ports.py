"""Free ports, below those that a machine gives to outgoing connections: nobody takes one before it is used."""

import random
import socket
from contextlib import ExitStack

FIRST, LAST = 20_000, 32_000


def free_three() -> int:
    """A port that is free together with the next two."""
    while True:
        port = random.randrange(FIRST, LAST, 3)  # noqa: S311  # No secret.
        try:
            with ExitStack() as held:
                for each in range(port, port + 3):
                    held.enter_context(socket.create_server(("127.0.0.1", each)))
                return port
        except OSError:
            continue
