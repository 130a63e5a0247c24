"""The product's processes under its own supervisor, without the servers and the stand-ins that somebody else runs.

Run by path, with the product's tree as working folder and on `PYTHONPATH`.
"""

import os
import sys
from dataclasses import replace

from pydantic import SecretStr

from app.admin_key import admin_key
from app.console import Console
from app.part import Part
from app.product import parts_of
from app.resolve import load
from app.services.lock import Lock
from app.services.process import Program
from app.supervisor import Supervisor

SWEEPS = "CHAOS_SWEEPS"
PREPARED = "CHAOS_PREPARED"
"""Set when the database and the memory are a copy of what this source prepared."""
READY = "the house is ready"


def main() -> int:
    settings = load(sandbox=True)
    data_dir = settings.data_dir.absolute()
    with Lock(data_dir):
        settings = settings.model_copy(update={"data_dir": data_dir, "admin_api_key": SecretStr(admin_key(settings))})
        parts = [part for part in parts_of(settings) if part.name != "sandbox"]
        if os.environ.get(PREPARED):
            parts = [_done(part) if part.name == "prepare" else part for part in parts]
        sweep = next(part for part in parts if part.name == "sweep")
        parts += [_another(sweep, number) for number in range(2, int(os.environ.get(SWEEPS, "1")) + 1)]
        console = Console()
        return Supervisor(parts, data_dir=data_dir, console=console).run(lambda: console.say("house", READY))


def _done(part: Part) -> Part:
    return replace(part, program=lambda: Program(part.name, ["true"]))


def _another(part: Part, number: int) -> Part:
    name = f"{part.name}-{number}"

    def program() -> Program:
        return replace(part.program(), name=name)

    return replace(part, name=name, program=program)


if __name__ == "__main__":
    sys.exit(main())
