"""Ports that nobody uses."""

import socket
from contextlib import ExitStack


def free_port(*, row: int = 1) -> int:
    """A port of this machine that is free; so are those after it, `row` of them in all."""
    while True:
        with ExitStack() as held:
            port = int(held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1])
            try:
                for each in range(port + 1, port + row):
                    held.enter_context(socket.create_server(("127.0.0.1", each)))
                return port
            except OSError:
                continue
