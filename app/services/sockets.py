"""Where a server's unix socket may stand: its path has at most 107 bytes, and addresses take few of the signs."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

LONGEST = 107


def socket_folder(folder: Path, socket_name: str, *, owner: tuple[int, int] | None = None) -> Path:
    """`folder` itself when the socket's path will do, else a private one in the temporary folder, always the same."""
    folder = folder.absolute()
    plain = re.fullmatch(r"[A-Za-z0-9._/+-]+", str(folder))
    if not plain or len(os.fsencode(folder / socket_name)) > LONGEST:
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"tocsin-{os.getuid()}-{digest}"
    return private_folder(folder, owner=owner)


def private_folder(folder: Path, *, owner: tuple[int, int] | None = None) -> Path:
    """Made if missing; for its owner alone. `owner` is user and group when that is not ourselves.

    Raises: PermissionError when somebody else made it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    allowed = {os.getuid(), *([owner[0]] if owner else [])}
    if folder.is_symlink() or folder.stat().st_uid not in allowed:
        raise PermissionError(f"{folder} belongs to somebody else")
    if owner:
        os.chown(folder, *owner)
    folder.chmod(0o700)
    return folder
