"""Print what pip resolves for a requirements file, every library pinned, as the text of a requirements file."""

import json
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def resolve(source: Path, constraints: Path | None) -> dict[str, str]:
    """Name and version of all that `source` needs on this Python, whatever is installed."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    if constraints is not None:
        command += ["--constraint", str(constraints)]
    report = subprocess.run([*command, "-r", str(source)], check=True, stdout=subprocess.PIPE, text=True).stdout
    metadata = [item["metadata"] for item in json.loads(report)["install"]]
    return {canonicalize_name(item["name"]): item["version"] for item in metadata}


def markers(source: Path) -> dict[str, str]:
    """The environment markers that a person wrote; pip's answer does not repeat them."""
    lines = [line.strip() for line in source.read_text().splitlines()]
    wanted = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return {canonicalize_name(item.name): f"; {item.marker}" for item in wanted if item.marker}


def main(source: Path, below: Path | None) -> None:
    """`below` is a file of pins that is taken as it is and included rather than repeated."""
    pins, wanted = resolve(source, below), markers(source)
    known = set() if below is None else {line.split("==")[0] for line in below.read_text().splitlines()}
    print(f"# Made by `make pins` from {source.name}; change that file instead.")
    if below is not None:
        print(f"-r {below.name}")
    for name, version in sorted(pins.items()):
        if name not in known:
            print(f"{name}=={version}{wanted.get(name, '')}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
