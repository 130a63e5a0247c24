"""The Dockerfile's instructions, and the files that a build of it is given."""

import json
import re
from pathlib import Path, PurePosixPath

from tests.integration.compose.compose_file import ROOT

DOCKERFILE = ROOT / "Dockerfile"
IGNORE = ROOT / ".dockerignore"


def instructions() -> list[tuple[str, str]]:
    """Each as its name and the rest; continued lines are one."""
    lines = [line for line in DOCKERFILE.read_text().splitlines() if not line.lstrip().startswith("#")]
    text = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def last(name: str) -> str:
    """What the finished image has."""
    return [rest for each, rest in instructions() if each == name][-1]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in last("ENV").split())


def command(text: str) -> list[str]:
    """The exec form; a shell form is no JSON and fails."""
    return [str(part) for part in json.loads(text)]


def is_sent(path: PurePosixPath) -> bool:
    """Does the build see this path? The last pattern of .dockerignore that fits it, or a folder above it, decides."""
    sent = True
    for line in IGNORE.read_text().splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        if line and not line.startswith("#") and _fits(path, pattern, anywhere="**/" in line):
            sent = line.startswith("!")
    return sent


def _fits(path: PurePosixPath, pattern: str, *, anywhere: bool) -> bool:
    if anywhere:
        return any(PurePosixPath(part).match(pattern) for part in path.parts)
    return PurePosixPath(path.parts[0]).match(pattern)


def sent_files() -> list[Path]:
    """Relative to the checkout."""
    top = [entry for entry in ROOT.iterdir() if is_sent(PurePosixPath(entry.name))]
    files = [file for entry in top for file in ([entry] if entry.is_file() else entry.rglob("*")) if file.is_file()]
    relative = [file.relative_to(ROOT) for file in files]
    return [file for file in relative if is_sent(PurePosixPath(file.as_posix()))]
