"""One data folder, one owner at a time: a lock that the kernel takes back when its holder dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from app.services.errors import ServiceError


class AlreadyRunning(ServiceError):
    """Somebody else holds the data folder."""


class Lock:
    """Held from `__enter__` to `__exit__`, or to the death of this process."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._descriptor = -1

    def __enter__(self) -> Self:
        path = self._data_dir / "lock"
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ServiceError(
                f"The data folder {self._data_dir} cannot be written ({error.strerror}): "
                "mend its owner, or set DATA_DIR to a folder of yours."
            ) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = path.read_text().strip() or "unknown"
            os.close(self._descriptor)
            raise AlreadyRunning(
                f"Tocsin runs already on {self._data_dir} (process {holder}): stop it with Ctrl-C there or "
                f"`kill {holder}`, or set DATA_DIR, PORT and SANDBOX_PORT for a second one."
            ) from error
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, str(os.getpid()).encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
