"""Free ports, below those that a machine gives to outgoing connections: nobody takes one before it is used."""

import random
import socket

FIRST, LAST = 20_000, 32_000


def free_pair() -> int:
    """A port that is free together with the next one."""
    while True:
        port = random.randrange(FIRST, LAST, 2)  # noqa: S311  # No secret.
        try:
            with socket.create_server(("127.0.0.1", port)), socket.create_server(("127.0.0.1", port + 1)):
                return port
        except OSError:
            continue
