"""Ports on this machine: a free one, and whether one is taken."""

import socket

from app.services.errors import ServiceError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def require_free(port: int, setting: str) -> None:
    """Raises: ServiceError that names the setting to change."""
    if not is_free(port):
        raise ServiceError(f"Port {port} is in use: stop what uses it, or set {setting} to another.")
