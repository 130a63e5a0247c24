"""Ports that nobody uses."""

import socket


def free_port(*, pair: bool = False) -> int:
    """A port of this machine that is free; as a pair the next one is free too."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port = int(first.getsockname()[1])
            if not pair:
                return port
            try:
                with socket.create_server(("127.0.0.1", port + 1)):
                    return port
            except OSError:
                continue
