"""The first API key: the one that was set, or one made once and kept for its owner's eyes."""

import os
import secrets
import tempfile
from pathlib import Path

from app.settings import Settings

BYTES = 32


def key_file(settings: Settings) -> Path:
    return settings.data_dir / "admin-api-key"


def admin_key(settings: Settings) -> str:
    """The same on every call, also when two processes ask at once."""
    if settings.admin_api_key is not None:
        return settings.admin_api_key.get_secret_value()
    path = key_file(settings)
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    """Written beside and then linked, so that a key is seen whole or not at all, and the first one made stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # It is 0600 from its first moment on.
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return  # Somebody was faster; theirs is the key.
    finally:
        Path(draft).unlink()
