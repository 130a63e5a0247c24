"""Where recordings are kept: files under the data folder that are there whole or not at all."""

import os
import re
from pathlib import Path

FOLDER = "recordings"


def keep(data_dir: Path, sid: str, audio: bytes) -> str:
    """Write the audio durably and give the file's name."""
    if not re.fullmatch(r"[A-Za-z0-9]{1,64}", sid):
        raise ValueError("a recording's id has letters and digits only")
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{sid}.wav"
    unfinished = folder / f".{name}.{os.getpid()}"
    with unfinished.open("wb") as file:
        file.write(audio)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / name)
    return name


def load(data_dir: Path, name: str | None) -> bytes | None:
    """The audio that was kept under that name; None when there is none."""
    path = data_dir / FOLDER / name if name else None
    return path.read_bytes() if path is not None and path.exists() else None
