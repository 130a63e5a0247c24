"""How much memory a process and all below it hold."""

from pathlib import Path


def resident(process: int) -> float:
    """The sum of the resident sets of the process and its descendants, in megabytes."""
    return sum(resident_by_program(process).values())


def resident_by_program(process: int) -> dict[str, float]:
    """The same, by what each was started as (its last argument that is no option)."""
    sizes: dict[str, float] = {}
    for each in _family(process):
        status, command = _read(each, "status"), _read(each, "cmdline").rstrip("\0").split("\0")
        size = status.partition("VmRSS:")[2].split()
        if size:
            words = [word for word in command if not word.startswith("-")]
            name = words[-1].rpartition("/")[2][:30]
            sizes[name] = sizes.get(name, 0) + int(size[0]) / 1024
    return sizes


def _family(process: int) -> list[int]:
    parents = {int(path.name): _parent(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdigit()}
    family = [process]
    for each in family:
        family += [child for child, parent in parents.items() if parent == each]
    return family


def _parent(process: int) -> int | None:
    stat = _read(process, "stat").rpartition(")")[2].split()
    return int(stat[1]) if stat else None


def _read(process: int, name: str) -> str:
    """Empty when it ended meanwhile."""
    try:
        return Path(f"/proc/{process}/{name}").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
